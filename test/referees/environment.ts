import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { run, virtualEnvironment } from '../support/python.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the virtual environment, which git ignores. */
    home: string;
    /** The Python that has moto and boto3. */
    python: string;
    /** Where botocore keeps the models of the services. */
    models: string;
  }
}

/** Gives the referees a virtual environment of their own. */
export async function setup(project: TestProject): Promise<void> {
  const { home, python } = await virtualEnvironment({
    command: 'npm run test:moto',
    what: 'the referees moto, boto3 and the AWS command line',
    requirements: fileURLToPath(new URL('requirements.txt', import.meta.url)),
  });
  const models = 'import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), "data"))';
  project.provide('home', home);
  project.provide('python', python);
  project.provide('models', (await run(python, ['-c', models])).trim());
}
