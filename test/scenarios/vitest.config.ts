import { defineConfig } from 'vitest/config';

// The scenarios of approval against the stand-in for GitHub (npm run scenarios): each takes a second, so npm test leaves them out.
export default defineConfig({
  test: {
    include: ['test/scenarios/*.scenario.ts'],
    testTimeout: 60_000,
    environment: 'node',
    env: { NO_COLOR: '1', TZ: 'UTC' },
  },
});
