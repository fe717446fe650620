import { defineConfig } from 'vitest/config';

// The linters of workflows (npm run lint:workflows): zizmor needs Python, so npm test leaves them out.
export default defineConfig({
  // That packages come without the sources of their source maps is no fault of these files.
  logLevel: 'error',
  test: {
    include: ['test/workflows/*.lint.ts'],
    globalSetup: ['test/workflows/environment.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    environment: 'node',
    env: { NO_COLOR: '1', TZ: 'UTC' },
    // GitHub's language service imports JSON in a way that Node 20 refuses; vitest bundles it.
    server: { deps: { inline: [/@actions\//] } },
  },
});
