/** What may stand between the digits of one number: white space, dashes, and characters that nobody sees. */
const BETWEEN = String.raw`[\s\p{Cf}\p{Pd}\u2212]{0,3}`;
/** Thirteen digits and more that belong together. */
const NUMBER = new RegExp(`[0-9](?:${BETWEEN}[0-9]){12,}`, "gu");
/** Days and months stand beside each other in questions, and together may look like a card. */
const DATE = /(?<![0-9])((?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])(?:-[0-3][0-9])?)(?![0-9])/;
const SSN = /(?<![0-9])[0-9]{3}[- ]?[0-9]{2}[- ]?([0-9]{4})(?![0-9])/g;
const EMAIL = /([^\s@<>"'(),;:])[^\s@<>"'(),;:]{0,200}@([^\s@<>"'(),;:]+)/gu;

/** Lengths of card numbers. Source: ISO/IEC 7812-1 */
const SHORTEST = 13;
const LONGEST = 19;

/** Whether a text holds the number of a payment card, by its length and its check digit. */
export function holdsCard(text: string): boolean {
  return text
    .normalize("NFKC")
    .split(DATE)
    .some((part) => part.match(NUMBER)?.some(isCard) === true);
}

/**
 * A text without card numbers, social security numbers and e-mail addresses: each in the masked form that curated rows
 * have. Any nine digits may be a social security number. What stands there beside, names above all, stays.
 */
export function withoutPersonalData(text: string): string {
  const plain = text.normalize("NFKC");
  const masked = plain
    .split(DATE)
    .map((part) => part.replaceAll(NUMBER, (number) => (isCard(number) ? maskedCard(number) : number)))
    .join("")
    .replaceAll(SSN, "***-**-$1")
    .replaceAll(EMAIL, "$1***@$2");
  return masked === plain ? text : masked;
}

/** A row of whole groups of digits whose check digit holds, a number within a longer one, or too long to be told. */
function isCard(number: string): boolean {
  const groups = number.split(/[^0-9]+/);
  return groups.some((group, at) => {
    if (group.length > LONGEST) return true;
    let row = "";
    for (const next of groups.slice(at, at + LONGEST)) {
      row += next;
      if (isCardNumber(row)) return true;
    }
    return Array.from(group, (_, from) => group.slice(from)).some((piece) => piecesOf(piece).some(isIssued));
  });
}

/** The beginnings of a row of digits that are as long as cards. */
function piecesOf(digits: string): string[] {
  return Array.from({ length: LONGEST - SHORTEST + 1 }, (_, more) => digits.slice(0, SHORTEST + more));
}

/** Cards in use begin with 2 to 6: a piece of another number needs that as well, or one in three would be a card. */
function isIssued(digits: string): boolean {
  return /^[2-6]/.test(digits) && isCardNumber(digits);
}

/** By length and the Luhn sum. */
function isCardNumber(digits: string): boolean {
  if (digits.length < SHORTEST || digits.length > LONGEST) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function maskedCard(number: string): string {
  return `${"*".repeat(12)}${number.replaceAll(/[^0-9]/g, "").slice(-4)}`;
}
