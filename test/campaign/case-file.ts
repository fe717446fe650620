import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { Document, parse, visit } from 'yaml';
import type { LawCase } from './law-case.ts';

let validate: ValidateFunction | undefined;

function schema(): ValidateFunction {
  validate ??= new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync('test/cases/laws.schema.json', 'utf8')),
  );
  return validate;
}

/** Whether a value has the form of a case, and a seed to start from. */
export function isCase(one: LawCase): boolean {
  return schema()({ cases: [one] }) && one.seed.accounts !== undefined;
}

/** The cases of a file of test/cases/laws; throws for any that is none. */
export function readCases(text: string, file: string): readonly LawCase[] {
  const table: unknown = parse(text);
  if (!schema()(table)) throw new Error(`${file}: ${JSON.stringify(schema().errors, null, 1)}`);
  return (table as { cases: readonly LawCase[] }).cases;
}

/** A file with one case that can be read back. */
export function caseText(one: LawCase, remarks: readonly string[]): string {
  const comment = remarks.flatMap((remark) => remark.split('\n')).map((line) => `# ${line}`.trimEnd());
  const document = new Document({ cases: [one] }, { aliasDuplicateObjects: false });
  // What fits into a line stands in one.
  visit(document, {
    Collection: (_, node) => {
      if (JSON.stringify(node.toJSON()).length < 110) node.flow = true;
    },
  });
  return `${comment.join('\n')}\n${document.toString({ lineWidth: 0, flowCollectionPadding: true })}`;
}
