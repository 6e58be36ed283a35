import * as v from "valibot";

/**
 * What nobody types and no reader sees: control characters, marks that turn the direction of writing, marks without
 * width, line and paragraph separators, the tags of Unicode's last planes, lone surrogates.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

/**
 * One line of text that somebody gives over the API, `min` to `max` Unicode code points long without the white space around
 * it. Whoever takes it trims it and brings it into the form NFC.
 * @param what the text in words, for its messages: "The prompt"
 */
export function typedText(what: string, { min = 1, max }: { readonly min?: number; readonly max: number }) {
  const length = (text: string) => [...text.trim()].length;
  return v.pipe(
    v.string(`${what} is a text.`),
    v.maxCodePoints(max, `${what} has at most ${max} characters.`),
    v.check(
      (text) => !UNSEEN.test(text),
      `${what} is one line without control characters and marks that cannot be seen.`,
    ),
    v.check(
      (text) => length(text) >= min,
      min === 1 ? `${what} is not empty.` : `${what} has at least ${min} characters.`,
    ),
  );
}
