import { expect, test } from 'vitest';
import { schemaTypes } from '../support/schema-types.ts';

test('the types of mesh files say what the schemas say', async () => {
  await expect(await schemaTypes()).toMatchFileSnapshot('../../src/declare/files.ts');
});
