import { type Switch, type SwitchValue, switchTable } from './switch-table.ts';

type Widened<T> = T extends boolean ? boolean : T extends number ? number : T;

/** The position of every switch. */
export type Switches = {
  readonly [K in keyof typeof switchTable]: (typeof switchTable)[K]['values'] extends readonly (infer V)[]
    ? V
    : Widened<(typeof switchTable)[K]['default']>;
};

/** The switches as they stand when nothing is said. */
export const defaultSwitches = Object.fromEntries(
  Object.entries(switchTable).map(([name, { default: value }]) => [name, value]),
) as unknown as Switches;

/** What is wrong with switch settings, one text for each fault. */
export function switchFaults(settings: unknown): readonly string[] {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    return ['must be a map of switches'];
  return Object.entries(settings).flatMap(([name, value]) => switchFault(name, value));
}

function switchFault(name: string, value: unknown): readonly string[] {
  if (!Object.hasOwn(switchTable, name)) return [`${name}: there is no such switch`];
  const { values }: Switch = switchTable[name as keyof Switches];
  if (values === 'count')
    return Number.isInteger(value) && (value as number) > 0 ? [] : [`${name}: must be a whole number above 0`];
  return values.includes(value as SwitchValue)
    ? []
    : [`${name}: must be one of ${values.map((one) => JSON.stringify(one)).join(', ')}`];
}
