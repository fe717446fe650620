import { isUtf8 } from 'node:buffer';

const decoder = new TextDecoder();
const rowDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of UTF-8 bytes without its byte order mark, or where the first wrong byte stands. */
export function decode(bytes: Uint8Array): string | { readonly line: number; readonly column: number } {
  if (isUtf8(bytes)) return decoder.decode(bytes);
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    const row = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (end < 0 || !isUtf8(row)) return { line, column: goodLength(row) + 1 };
    start = end + 1;
  }
}

function goodLength(row: Uint8Array): number {
  // Decoding puts U+FFFD for the first wrong byte, and for a character that the text itself spells so.
  const text = rowDecoder.decode(row);
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) {
    const before = Buffer.byteLength(text.slice(0, at));
    if (!(row[before] === 0xef && row[before + 1] === 0xbf && row[before + 2] === 0xbd)) return at;
  }
  return 0;
}
