import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** GitHub's description as its package has it, as far as it is read here. */
export interface Raw {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface RawOperation {
  readonly operationId: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

const { resolve } = createRequire(import.meta.url);

/**
 * What GitHub's description says of some operations. The whole has 13 MB, so that reading it takes longer than most
 * tests: what is wanted of it is kept beside the packages, under a name that changes with the package and with what
 * is wanted.
 */
export function excerpt(ids: readonly string[]): Raw {
  const manifest = readFileSync(resolve('@octokit/openapi/package.json'));
  const name = createHash('sha256').update(manifest).update(ids.toSorted().join()).digest('hex').slice(0, 16);
  const modules = dirname(dirname(dirname(resolve('@octokit/openapi/package.json'))));
  const file = join(modules, '.cache', 'meshgate', `github-${name}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Raw;
  } catch {
    const cut = excerptOf(
      JSON.parse(readFileSync(resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8')),
      ids,
    );
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(cut));
    renameSync(`${file}.${process.pid}`, file);
    return cut;
  }
}

function excerptOf({ paths, components }: Raw, ids: readonly string[]): Raw {
  const wanted = new Set(ids);
  const kept = Object.entries(paths).flatMap(([path, methods]) => {
    const inside = Object.entries(methods).filter(([, { operationId }]) => wanted.delete(operationId));
    return inside.length === 0 ? [] : [[path, Object.fromEntries(inside)] as const];
  });
  if (wanted.size > 0) throw new Error(`GitHub describes no operation ${[...wanted].join(', ')}`);
  const found: Record<string, Record<string, unknown>> = {};
  const follow = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inside] of Object.entries(value)) {
      if (name === '$ref' && typeof inside === 'string') take(inside);
      else if (name !== 'example' && name !== 'examples') follow(inside);
    }
  };
  const take = (reference: string): void => {
    const [, , kind = '', name = ''] = reference.split('/');
    if (found[kind]?.[name] !== undefined) return;
    const component = components[kind]?.[name];
    if (component === undefined) throw new Error(`GitHub's description lacks ${reference}`);
    found[kind] = { ...found[kind], [name]: component };
    follow(component);
  };
  follow(kept);
  take('#/components/schemas/basic-error');
  return { paths: Object.fromEntries(kept), components: found };
}
