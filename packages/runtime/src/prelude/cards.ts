/**
 * What counts as a card number in free text, once for every engine. `docs/decisions/0004-masks.md` says why.
 *
 * - A *group* is an unbroken row of ASCII digits. A *run* is groups with one to three separators between them.
 * - A *card* is a row of whole groups of one run, 13 to 19 digits together, whose Luhn sum holds; or, glued to other
 *   digits at one of its ends or within one group, a piece that also has an issuer's prefix and length
 *   ({@link ISSUED}); or a group of 20 digits and more, of whose pieces some are Luhn-valid by chance anyway.
 * - A run of more than {@link LONGEST_RUN} digits is a card whole: no text holds one, and to look into it would take long.
 * - All groups that a card touches are replaced together by 12 stars and their last four digits. Cards that share a
 *   group become one.
 * - Twelve stars and exactly four digits are a card masked already: they are left as they are and end a run.
 */
export const CARD_STARS = "*".repeat(12);

/**
 * Characters that may stand between the digits of one number, as the inside of a regex class that RE2, Java and
 * Python read alike: white space of every kind, dashes, the minus, soft hyphen and the zero-width characters.
 */
export const SEPARATORS = [
  "\\t\\n\\v\\f\\r \\-",
  "\\u0085\\u00A0\\u00AD\\u1680\\u2000-\\u2015\\u2028\\u2029\\u202F\\u205F\\u2060\\u2212\\u3000\\uFE58\\uFE63\\uFF0D\\uFEFF",
].join("");

/** Digits of the longest run that is looked into. */
export const LONGEST_RUN = 1000;

/** Prefix and length of the numbers in use: Visa, Mastercard, American Express, Diners Club, JCB, and the 6 series. */
export const ISSUED =
  "4([0-9]{15}|[0-9]{18})|5[0-9]{15}|2[2-7][0-9]{14}|3[47][0-9]{13}|3[0689][0-9]{12}|35[0-9]{14,17}|6[0-9]{15,18}";
