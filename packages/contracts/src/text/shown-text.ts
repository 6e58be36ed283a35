import * as v from "valibot";
import { JOINER } from "./joiners.ts";

/** Characters that steer a terminal or a page, that nobody sees, or that are no characters; without those that writing needs. */
const UNSEEN = new RegExp(`(?!${JOINER})[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]`, "u");
/** Marks of where a line may break, and of which way a word reads: text from a page has them, and reads the same without. */
const MARKS = /[\u00ad\u200b\u200e\u200f]/g;
/** How people break and indent lines; they are folded into one blank. */
const SPACING = /[\t\n\r ]+/g;
/** Something that takes up room on a screen: fillers of Hangul and blank Braille do not. */
const SEEN = /[^\s\p{Default_Ignorable_Code_Point}\u2800]/u;

/** A text that somebody typed, as one line in its usual form: NFC, white space folded, none around it, no marks for its setting. */
export function oneLine(text: string): string {
  return text.replace(MARKS, "").normalize("NFC").replace(SPACING, " ").trim();
}

/**
 * A text that a person gives and others, people and models, are shown: 1 to `most` code points as {@link oneLine} writes it,
 * none of them control, direction or zero-width characters but joiners within words and emoji. Marks for its setting are left out.
 */
export function shownText(what: string, most: number) {
  const give = `Give ${what} of 1 to ${most} characters.`;
  return v.pipe(
    v.string(give),
    v.check(
      (text) => !UNSEEN.test(text.replace(MARKS, "").replace(SPACING, " ")),
      "Leave out characters that cannot be seen.",
    ),
    v.check((text) => {
      const line = oneLine(text);
      return SEEN.test(line) && [...line].length <= most;
    }, give),
    v.description(`${what.charAt(0).toUpperCase()}${what.slice(1)}: 1 to ${most} characters`),
  );
}
