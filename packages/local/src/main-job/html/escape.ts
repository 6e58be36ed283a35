/** A text that is safe in HTML, between tags and in attributes: values come from outside. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A name for an axis: the first characters of it, without line breaks and other control characters. */
export function short(name: string, most = 24): string {
  const plain = [...name.replaceAll(/\p{Cc}/gu, " ")];
  return plain.length <= most ? plain.join("") : `${plain.slice(0, most - 1).join("")}…`;
}
