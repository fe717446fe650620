/** A tree of XML elements: a text, or elements by name, several of one name as a list. */
export type XmlContent = string | number | { readonly [name: string]: XmlContent | readonly XmlContent[] };

/** The content as XML text, without a declaration. */
export function toXml(content: XmlContent): string {
  if (typeof content !== 'object') return escapeXml(String(content));
  return Object.entries(content)
    .flatMap(([name, inner]) => (Array.isArray(inner) ? inner : [inner]).map((one) => element(name, one)))
    .join('');
}

function element(name: string, inner: XmlContent): string {
  return `<${name}>${toXml(inner)}</${name}>`;
}

function escapeXml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
