/** Unicode's tags: ASCII that is not shown. In flags of regions they stand after a black flag, up to a closing tag. */
const TAGS = /[\u{e0020}-\u{e007e}]+/u;
const FLAG_OF_REGION = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/gu;

/** Marks without width: several beside each other say nothing to a reader. */
const RUN_WITHOUT_WIDTH = /[\u180e\u200b-\u200d\u2060-\u2064\ufeff]{4,}/;
/** The same within words of letters that are never joined by one. */
const WITHIN_WORDS =
  /(?<=[A-Za-z\u00c0-\u024f\u0370-\u052f])[\u200b-\u200d\u2060-\u2064\ufeff](?=[A-Za-z\u00c0-\u024f\u0370-\u052f])/g;
/** In how many places within words, before it is no accident. */
const SEVERAL = 3;

/** Letters are shown in another order than they stand. */
const TURNED = /[\u202d\u202e]/;
/** Forms of a sign, of which one follows a sign at most. */
const FORMS = /\p{Variation_Selector}{3,}/u;

/** Whether a text has characters that hide something from whoever looks at it; what writing and emoji need is not meant. */
export function hidesCharacters(text: string): boolean {
  if (!/[\p{Cf}\p{Variation_Selector}]/u.test(text)) return false;
  return (
    TAGS.test(text.replace(FLAG_OF_REGION, "")) ||
    RUN_WITHOUT_WIDTH.test(text) ||
    (text.match(WITHIN_WORDS) ?? []).length >= SEVERAL ||
    TURNED.test(text) ||
    FORMS.test(text)
  );
}

/** A text as it is with all that cannot be seen taken out, and what tags spell in its place. */
export function seenCharacters(text: string): string {
  return text
    .replace(FLAG_OF_REGION, "")
    .replace(/[\u{e0020}-\u{e007e}]/gu, (tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000))
    .replace(/[\p{Cf}\p{Variation_Selector}]/gu, "");
}
