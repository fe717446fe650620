/**
 * An item of the table of subscriptions that the older mesh kept in DynamoDB (AwsDataMeshSubscriptions).
 * Source: https://github.com/aws-samples/aws-data-mesh-utils/blob/main/src/data_mesh_util/lib/SubscriberTracker.py.
 */
export interface OldSubscription {
  readonly id: string;
  /** The account that owns the data. */
  readonly owner: string | undefined;
  readonly subscriber: string;
  /** Active, Pending, Denied, Deleted; as it is written. */
  readonly status: string;
  /** Undefined for what was asked by domain or by product, through LF-Tags. */
  readonly database: string | undefined;
  /** Names or regular expressions; none for the whole database, for which the older mesh wrote no `TableName` at all. */
  readonly tables: readonly string[];
  /** What was granted in the end: ARNs of tables. */
  readonly tableArns: readonly string[];
  /** What is permitted, or while nobody has decided what was requested. */
  readonly permissions: readonly string[];
  readonly grantable: readonly string[];
  readonly created: string | undefined;
  readonly createdBy: string | undefined;
  readonly updated: string | undefined;
  readonly updatedBy: string | undefined;
  readonly notes: readonly string[];
}

/** Something in an export that is no subscription. */
export interface BadItem {
  /** Which item, from 1. */
  readonly number: number;
  readonly message: string;
}

/**
 * The subscriptions in an export of the table: plain JSON or DynamoDB's (`{"S": …}`), one item a line as
 * an export to S3 writes them, a list of items, or the answer of a scan.
 */
export function parseExport(text: string): {
  readonly subscriptions: readonly OldSubscription[];
  readonly bad: readonly BadItem[];
} {
  const subscriptions: OldSubscription[] = [];
  const bad: BadItem[] = [];
  for (const [index, item] of itemsOf(text).entries()) {
    const read = item instanceof Error ? item.message : toSubscription(plain(item));
    if (typeof read === 'string') bad.push({ number: index + 1, message: read });
    else subscriptions.push(read);
  }
  return { subscriptions, bad };
}

function itemsOf(text: string): readonly unknown[] {
  const whole = parsed(text);
  if (!(whole instanceof Error)) return within(whole);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  // Several lines that are JSON each, or one text that is none.
  return lines.flatMap((line): readonly unknown[] => {
    const item = parsed(line);
    return item instanceof Error ? [item] : within(item);
  });
}

function within(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.map(unwrapped);
  const list = isRecord(value) ? (value['Items'] ?? value['Subscriptions']) : undefined;
  return Array.isArray(list) ? list.map(unwrapped) : [unwrapped(value)];
}

function unwrapped(value: unknown): unknown {
  return isRecord(value) && isRecord(value['Item']) ? value['Item'] : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** DynamoDB's JSON without its types: `{"S": "x"}` is x, sets and lists are lists. */
function plain(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, untyped(one)] as const);
  return Object.fromEntries(entries);
}

function untyped(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const [first, ...more] = Object.entries(value);
  if (first === undefined || more.length > 0) return value;
  const [type, content] = first;
  if (type === 'NULL' && content === true) return null;
  if (type === 'L' && Array.isArray(content)) return content.map(untyped);
  if (type === 'M') return plain(content);
  return ['S', 'N', 'BOOL', 'SS', 'NS'].includes(type) ? content : value;
}

function toSubscription(item: unknown): OldSubscription | string {
  if (!isRecord(item)) return 'it is no item';
  const text = (name: string): string | undefined => {
    const value = item[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const [id, subscriber, status] = [text('SubscriptionId'), text('SubscriberPrincipal'), text('Status')];
  const missing = Object.entries({ SubscriptionId: id, SubscriberPrincipal: subscriber, Status: status })
    .filter(([, value]) => value === undefined)
    .map(([name]) => name);
  if (id === undefined || subscriber === undefined || status === undefined) return `it has no ${missing.join(', ')}`;
  const unread = deciding.filter((name) => listIn(item, name) === undefined);
  // What cannot be read must not pass for nothing: no table is the whole database, nothing permitted is all that was requested.
  if (unread.length > 0) return `its ${unread.join(', ')} cannot be read: it is neither a text nor a list of texts`;
  if ('TableName' in item && listIn(item, 'TableName')?.length === 0) return 'its TableName names no table';
  const list = (name: string): readonly string[] => listIn(item, name) ?? [];
  const permitted = list('PermittedGrants');
  return {
    id,
    owner: text('OwnerPrincipal'),
    subscriber,
    status,
    database: text('DatabaseName')?.toLowerCase(),
    tables: list('TableName'),
    tableArns: list('GrantedTableARNs'),
    permissions: permitted.length > 0 ? permitted : list('RequestedGrants'),
    grantable: list('GrantableGrants'),
    created: text('CreationDate'),
    createdBy: text('CreatedBy'),
    updated: text('UpdatedDate'),
    updatedBy: text('UpdatedBy'),
    notes: list('Notes'),
  };
}

/** What decides who is given what. */
const deciding = ['TableName', 'GrantedTableARNs', 'PermittedGrants', 'RequestedGrants', 'GrantableGrants'];

/** A text or a list of texts, empty where there is none; undefined for anything else. */
function listIn(item: Readonly<Record<string, unknown>>, name: string): readonly string[] | undefined {
  const value = item[name] ?? [];
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = all.filter((one) => typeof one === 'string' && one.trim() !== '').map(String);
  return texts.length === all.length ? texts : undefined;
}
