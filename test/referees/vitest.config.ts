import { defineConfig } from 'vitest/config';

// The referees from outside (npm run test:moto): they need Python, so npm test leaves them out.
export default defineConfig({
  test: {
    include: ['test/referees/*.referee.ts'],
    globalSetup: ['test/referees/environment.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    environment: 'node',
    env: { NO_COLOR: '1', TZ: 'UTC' },
  },
});
