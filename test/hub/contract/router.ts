import type { Described } from './description.ts';

/** An operation with the values that its path holds. */
export interface Routed {
  readonly operation: Described;
  readonly path: Readonly<Record<string, string>>;
}

/** Parameters that may hold slashes although they are the path's last. */
const long = new Set(['/repos/{owner}/{repo}/contents/{path}']);
const longReference = /\/git\/(ref|refs|matching-refs)\/\{ref\}$/;

/** Finds the operation of a request by the paths of GitHub's description. */
export function routerOf(operations: readonly Described[]): (method: string, path: string) => Routed | undefined {
  const routes = operations
    .map((operation) => ({ operation, ...compiled(operation.path) }))
    // What names more of its path goes before what leaves more open.
    .toSorted((one, other) => one.names.length - other.names.length);
  return (method, path) => {
    for (const { operation, pattern, names } of routes) {
      if (operation.method !== method) continue;
      const match = pattern.exec(path);
      if (match === null) continue;
      const values = names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]);
      return { operation, path: Object.fromEntries(values) as Record<string, string> };
    }
    return undefined;
  };
}

function compiled(template: string): { pattern: RegExp; names: readonly string[] } {
  const names: string[] = [];
  const open = long.has(template) || longReference.test(template);
  const source = template
    .split(/(\{\w+\})/)
    .map((part, index, parts) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
      names.push(name);
      return open && index === parts.length - 2 ? '(.+)' : '([^/]+?)';
    })
    .join('')
    // The top folder has an empty path, and no slash before it.
    .replace(/contents\/\(\.\+\)$/, 'contents(?:/(.*))?');
  return { pattern: new RegExp(`^${source}$`), names };
}
