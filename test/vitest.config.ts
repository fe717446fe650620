import { defineConfig } from 'vitest/config';

// A law that fails prints its seed; MESHGATE_LAW_RUNS makes the laws run longer.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One worker for each processor: most tests wait for processes and sockets.
    maxWorkers: '100%',
    environment: 'node',
    env: { NO_COLOR: '1', TZ: 'UTC' },
  },
});
