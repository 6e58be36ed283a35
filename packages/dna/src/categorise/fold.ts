/**
 * What two texts have in common that say the same: no case, no forms of one letter, one space for any white space, and
 * `#` for runs of six digits or more, which tell one transaction from another.
 */
export function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\d{6,}/g, "#")
    .replace(/\s+/g, " ")
    .trim();
}
