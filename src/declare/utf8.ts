const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of UTF-8 bytes without its byte order mark, or where the first wrong byte stands. */
export function decode(bytes: Uint8Array): string | { readonly line: number; readonly column: number } {
  const text = decoded(bytes);
  if (text !== undefined) return text;
  let start = 0;
  for (let line = 1; ; line++) {
    // No character but the line feed holds this byte, so that rows can be judged one by one.
    const end = bytes.indexOf(0x0a, start);
    const row = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (end < 0 || decoded(row) === undefined) return { line, column: goodLength(row) + 1 };
    start = end + 1;
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function goodLength(row: Uint8Array): number {
  // Decoding puts U+FFFD for the first wrong byte, and for a character that the text itself spells so.
  const text = lenient.decode(row);
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) {
    const before = encoder.encode(text.slice(0, at)).length;
    if (!(row[before] === 0xef && row[before + 1] === 0xbf && row[before + 2] === 0xbd)) return at;
  }
  return 0;
}
