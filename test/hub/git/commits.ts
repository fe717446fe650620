import type { Commit, NewCommit } from './bare.ts';
import type { Signature } from './git.ts';

/** A commit object's text, read. */
export function parseCommit(id: string, bytes: Buffer): Commit {
  const text = bytes.toString();
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, end).split('\n');
  const values = (name: string) =>
    lines.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  return {
    id,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parseSignature(values('author')[0] ?? ''),
    committer: parseSignature(values('committer')[0] ?? ''),
    message: text.slice(end + 2),
  };
}

function parseSignature(text: string): Signature {
  const match = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(text);
  const date = new Date(Number(match?.[3] ?? 0) * 1000).toISOString().replace('.000Z', 'Z');
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', date };
}

/** A commit object's text, written. */
export function formatCommit({ tree, parents, author, committer = author, message }: NewCommit): Buffer {
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${formatSignature(author)}`,
    `committer ${formatSignature(committer)}`,
  ];
  return Buffer.from(`${lines.join('\n')}\n\n${message.endsWith('\n') ? message : `${message}\n`}`);
}

function formatSignature({ name, email, date }: Signature): string {
  return `${name.replace(/[<>\n]/g, '')} <${email.replace(/[<>\n]/g, '')}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
}
