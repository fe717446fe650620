import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { virtualEnvironment } from '../support/python.ts';

declare module 'vitest' {
  interface ProvidedContext {
    zizmor: string;
  }
}

/** Gives the linters zizmor, in a virtual environment of its own. */
export async function setup(project: TestProject): Promise<void> {
  const { home } = await virtualEnvironment({
    command: 'npm run lint:workflows',
    what: 'zizmor, which lints workflows',
    requirements: fileURLToPath(new URL('requirements.txt', import.meta.url)),
  });
  project.provide('zizmor', join(home, 'bin', 'zizmor'));
}
