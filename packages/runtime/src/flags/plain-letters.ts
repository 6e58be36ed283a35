/** Letters that Unicode does not take apart into a letter and a mark. */
const WHOLE: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  ł: "l",
  ı: "i",
};

/**
 * A text by its bare letters: no case, no marks above or below, forms of one letter as one. Patterns are put through this
 * too, so that it need not be right in any language, only the same.
 */
export function plainLetters(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[ßæœøđðłı]/g, (letter) => WHOLE[letter] ?? letter);
}
