import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { virtualEnvironment } from '../support/python.ts';

declare module 'vitest' {
  interface ProvidedContext {
    cfnLint: string;
  }
}

/** Gives the tests cfn-lint, in a virtual environment of its own. */
export async function setup(project: TestProject): Promise<void> {
  const { home } = await virtualEnvironment({
    command: 'npm run lint:cloudformation',
    what: 'cfn-lint, which lints templates of CloudFormation',
    requirements: fileURLToPath(new URL('requirements.txt', import.meta.url)),
  });
  project.provide('cfnLint', join(home, 'bin', 'cfn-lint'));
}
