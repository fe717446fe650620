import type { Place, Problem } from '../../core/problem.ts';
import { type Classified, columnsOf, ownClass, piiClass, stricter, strictness } from '../../core/sensitivity.ts';
import { didYouMean, listed } from '../closest.ts';
import type { Sound } from '../draft.ts';
import type { Joined } from '../entries.ts';
import type { DataProduct } from '../files.ts';
import type { Path } from '../positions.ts';

type Order = ReadonlyMap<string, number>;

interface Node {
  readonly product: Sound<DataProduct>;
  readonly path: Path;
  readonly own: Classified;
  /** The strictest class around it. */
  readonly around: string | undefined;
}

/** Classes exist, are not said twice over, and never lower what is around them. */
export function checkClasses({ mesh, products, entries }: Joined): readonly Problem[] {
  if (mesh === undefined) return [];
  const order = strictness(mesh.value.classes ?? []);
  const problems = [...products.values()].flatMap((product) =>
    nodesOf(product, order).flatMap((node) => checkNode(node, order)),
  );
  for (const { access, at } of entries) {
    const exclude = access.columns?.exclude;
    if (typeof exclude === 'string' && !order.has(exclude))
      problems.push(unknownClass(exclude, order, at('columns', 'exclude')));
  }
  return problems;
}

function nodesOf(product: Sound<DataProduct>, order: Order): readonly Node[] {
  const { value } = product;
  const nodes: Node[] = [{ product, path: [], own: value, around: undefined }];
  for (const [name, table] of Object.entries(value.tables)) {
    const around = ownClass(value);
    nodes.push({ product, path: ['tables', name], own: table, around });
    const inTable = stricter(around, ownClass(table), order);
    for (const [column, own] of Object.entries(columnsOf(table) ?? {})) {
      nodes.push({ product, path: ['tables', name, 'columns', column], own, around: inTable });
    }
  }
  return nodes;
}

function checkNode({ product, path, own, around }: Node, order: Order): readonly Problem[] {
  const declared = ownClass(own);
  const fields = own === null || typeof own === 'string' ? undefined : own;
  const at = (field: string): Place => product.at(fields === undefined ? path : [...path, field]);
  if (declared !== undefined && !order.has(declared)) return [unknownClass(declared, order, at('class'))];
  if (fields?.pii === true && declared !== piiClass) {
    const hint = `leave out pii: the class "${declared}" says it already`;
    return [{ code: 'CLASS_CONFLICT', message: `pii: true stands beside class: ${declared}`, hint, place: at('pii') }];
  }
  if (fields?.pii === false && (declared ?? around) !== undefined) {
    const hint =
      'leave out pii: false, or the class; what is not sensitive goes into a product or table without a class';
    return [
      {
        code: 'CLASS_LOWERED',
        message: `pii: false cannot lift the class "${declared ?? around}"`,
        hint,
        place: at('pii'),
      },
    ];
  }
  if (declared === undefined || around === undefined || stricter(around, declared, order) === declared) return [];
  const message = `the class "${declared}" is less strict than "${around}" around it`;
  return [{ code: 'CLASS_LOWERED', message, hint: 'leave it out; the stricter class holds', place: at('class') }];
}

function unknownClass(name: string, order: Order, place: Place): Problem {
  const hint = didYouMean(
    name,
    order.keys(),
    `the classes are ${listed([...order.keys()], 'none')}; others go into mesh.yaml`,
  );
  return { code: 'UNKNOWN_CLASS', message: `there is no class "${name}"`, hint, place };
}
