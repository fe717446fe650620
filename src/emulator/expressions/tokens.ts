/** A piece of an expression. */
export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'end';
  /** As it is written, without quotes. */
  readonly text: string;
}

/** How a language writes its pieces. */
export interface Notation {
  /** What stands around a text, and around a name that needs it. */
  readonly quotes: Readonly<Record<string, 'text' | 'name'>>;
  /** Signs, longer ones before those they begin with. */
  readonly signs: readonly string[];
  /** What takes the meaning from a quote inside quotes: a backslash, or the quote itself written twice. */
  readonly escaping: 'backslash' | 'doubled';
}

/** An expression that cannot be read. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Reads an expression piece by piece, with one piece of foresight. */
export class Tokens {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, notation: Notation) {
    this.#tokens = [...tokensOf(text, notation), { kind: 'end', text: '' }];
  }

  /** What comes next. */
  get next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  /** The next piece, which must be of one of these kinds. */
  take(...kinds: readonly Token['kind'][]): Token {
    const { next } = this;
    if (!kinds.includes(next.kind)) throw this.unexpected();
    this.#at += 1;
    return next;
  }

  /** Goes past one of these signs or words, where it comes next; words in any case. */
  skip(...texts: readonly string[]): boolean {
    const { kind, text } = this.next;
    const isOne = (kind === 'sign' || kind === 'name') && texts.includes(text.toLowerCase());
    if (isOne) this.#at += 1;
    return isOne;
  }

  /** Goes past this sign or word, which must come next. */
  expect(text: string): void {
    if (!this.skip(text)) throw this.unexpected();
  }

  unexpected(): Unreadable {
    return new Unreadable(this.next.kind === 'end' ? 'it ends too early' : `unexpected '${this.next.text}'`);
  }
}

function* tokensOf(text: string, notation: Notation): Generator<Token> {
  let rest = text.trimStart();
  while (rest !== '') {
    const found = quoted(rest, notation) ?? plain(rest, notation);
    if (found === undefined) throw new Unreadable(`unexpected '${rest.slice(0, 1)}'`);
    yield found.token;
    rest = rest.slice(found.length).trimStart();
  }
}

type Found = { readonly token: Token; readonly length: number };

function quoted(rest: string, { quotes, escaping }: Notation): Found | undefined {
  const quote = rest.slice(0, 1);
  const kind = quotes[quote];
  if (kind === undefined) return undefined;
  for (let at = 1; at < rest.length; at += 1) {
    if (escaping === 'backslash' && rest[at] === '\\') at += 1;
    else if (rest[at] === quote) {
      if (escaping === 'doubled' && rest[at + 1] === quote) at += 1;
      else return { token: { kind, text: rest.slice(1, at) }, length: at + 1 };
    }
  }
  throw new Unreadable('a text does not end');
}

function plain(rest: string, { signs }: Notation): Found | undefined {
  const [name] = /^[A-Za-z_]\w*/.exec(rest) ?? [];
  if (name !== undefined) return { token: { kind: 'name', text: name }, length: name.length };
  const [number] = /^\d+(\.\d+)?/.exec(rest) ?? [];
  if (number !== undefined) return { token: { kind: 'number', text: number }, length: number.length };
  const sign = signs.find((one) => rest.startsWith(one));
  return sign === undefined ? undefined : { token: { kind: 'sign', text: sign }, length: sign.length };
}
