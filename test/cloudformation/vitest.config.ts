import { defineConfig } from 'vitest/config';

// The linter of CloudFormation (npm run lint:cloudformation): cfn-lint needs Python, so npm test leaves it out.
export default defineConfig({
  test: {
    include: ['test/cloudformation/*.lint.ts'],
    globalSetup: ['test/cloudformation/environment.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    environment: 'node',
    env: { NO_COLOR: '1', TZ: 'UTC' },
  },
});
