import { defineConfig } from 'vitest/config';

// The workflows themselves, step by step (npm run rehearsal): they install the package, so npm test leaves them out.
export default defineConfig({
  logLevel: 'error',
  test: {
    include: ['test/rehearsal/*.rehearsal.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    environment: 'node',
    env: { NO_COLOR: '1', TZ: 'UTC' },
  },
});
