const widest = 120;

/** The text with every character that a terminal would obey, or hide, written out. */
export function visible(text: string): string {
  return text.replaceAll(
    hidden,
    (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

// Controls, formats such as writing direction, and lone surrogates; tabs are kept in excerpts.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const hiddenButTab = /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A part of a line around a column, made visible, and the index in it of that column's character. */
export function windowed(line: string, column: number): { readonly text: string; readonly caret: number } {
  const at = Math.min(column - 1, line.length);
  const start =
    line.length <= widest ? 0 : boundary(line, Math.max(0, Math.min(at - widest / 2, line.length - widest)));
  const end = boundary(line, Math.min(line.length, start + widest));
  const before = `${start > 0 ? '…' : ''}${shown(line.slice(start, at))}`;
  return { text: `${before}${shown(line.slice(at, end))}${end < line.length ? '…' : ''}`, caret: before.length };
}

function shown(text: string): string {
  return text.replaceAll(hiddenButTab, visible);
}

// A window does not cut a surrogate pair in two.
function boundary(line: string, index: number): number {
  const unit = line.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index + 1 : index;
}

/** How many cells of a terminal a character takes. */
export function width(character: string): number {
  if (/\p{Mn}|\p{Me}/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

// East Asian wide and fullwidth forms, and emoji.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
