/** A tree of XML elements: a text, or elements by name. */
export type XmlContent = string | number | { readonly [name: string]: XmlContent };

/** The content as XML text, without a declaration. */
export function toXml(content: XmlContent): string {
  if (typeof content !== 'object') return escapeXml(String(content));
  return Object.entries(content)
    .map(([name, inner]) => `<${name}>${toXml(inner)}</${name}>`)
    .join('');
}

function escapeXml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
