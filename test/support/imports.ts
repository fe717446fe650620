/** One import of a source file: what it names, and whether it brings in types alone. */
export interface Import {
  readonly target: string;
  readonly isType: boolean;
}

/** What a folder under `src` may import beside itself. */
export interface Layer {
  /** Other folders of `src`, or files directly in it. */
  readonly layers?: readonly string[];
  /** Other folders of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages and built-in modules; a trailing `*` stands for any rest. */
  readonly packages?: readonly string[];
  /** Packages and built-in modules for one file of the folder alone. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
}

/** A source file by its path under `src`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const form = /\bfrom\s+'([^']+)'|\bimport\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;

/** The imports of a file, static and dynamic. */
export function importsOf(text: string): readonly Import[] {
  return Array.from(text.matchAll(form), ({ 0: whole, 1: named, 2: bare, 3: dynamic, index }) => {
    const statement = named === undefined ? whole : text.slice(statementStart(text, index), index);
    return {
      target: named ?? bare ?? dynamic ?? '',
      isType: named !== undefined && /^(?:import|export)\s+type\b/.test(statement),
    };
  });
}

function statementStart(text: string, index: number): number {
  const starts = Array.from(text.slice(0, index).matchAll(/^(?:import|export)\b/gm), (match) => match.index);
  return starts.at(-1) ?? index;
}

/** The imports of a file that its layer does not allow, in words. */
export function forbiddenImports({ path, text }: Source, layers: Readonly<Record<string, Layer>>): readonly string[] {
  const own = layerOf(path);
  const layer = layers[own];
  if (layer === undefined) return [`${path}: no layer is called ${own}`];
  return importsOf(text).flatMap(({ target, isType }) => {
    if (!target.startsWith('.')) {
      const allowed = [...(layer.packages ?? []), ...(layer.only?.[path.slice(own.length + 1)] ?? [])];
      return allowed.some((one) => fits(one, target)) ? [] : [`${path} imports ${target}`];
    }
    const resolved = resolve(path, target);
    if (resolved === undefined) return [`${path} imports ${target}, which is outside src`];
    const other = layerOf(resolved);
    if (other === own || layer.layers?.includes(other) === true || layer.layers?.includes('*') === true) return [];
    if (layer.types?.includes(other) === true) return isType ? [] : [`${path} imports more than types from ${other}`];
    return [`${path} imports ${other}`];
  });
}

function layerOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function fits(allowed: string, target: string): boolean {
  return allowed.endsWith('*')
    ? target.startsWith(allowed.slice(0, -1))
    : target === allowed || target.startsWith(`${allowed}/`);
}

function resolve(path: string, target: string): string | undefined {
  const parts = path.split('/').slice(0, -1);
  for (const step of target.split('/')) {
    if (step === '.') continue;
    if (step !== '..') parts.push(step);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
