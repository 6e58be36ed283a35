/** Letters of other writing that look like Latin ones, each followed by what it looks like. */
const PAIRS =
  "аaеeоoрpсcуyхxіiѕsјjһhԁdӏlԛqԝwвbнhкkмmтtгrпnєeΙiіiοoαaρpνvυuιiκkηnτtεeγyχxσoωwոnսuօoցgհhɡgɑaɪiɴnʀrꜱsᴛtᴜuᴄcᴏoɢgᴇeᴀaʟlᴘpᴠvᴍmʏyʜhᴅdʙbᴋkᴊjᴡwᴢzꜰf";

const latin = new Map<string, string>();
const letters = [...PAIRS];
for (let at = 0; at + 1 < letters.length; at += 2) latin.set(letters[at] ?? "", letters[at + 1] ?? "");

const LOOK_ALIKE = new RegExp(`[${[...latin.keys()].join("")}]`, "gu");

/** Digits and signs in the place of letters, within words of letters. */
const DIGITS: Readonly<Record<string, string>> = {
  0: "o",
  1: "i",
  3: "e",
  4: "a",
  5: "s",
  7: "t",
  "@": "a",
  $: "s",
};
const WORD = /[a-z0-9@$]{4,40}/g;

/** Letters with spaces or signs between each two, eight at least. */
const SPREAD = /(?<!\p{L})\p{L}(?:[ ._*-]{1,3}\p{L}(?!\p{L})){7,}/gu;

/**
 * A text with letters of other writing, and digits, as the Latin letters that they look like, and with letters that stand
 * apart put together; undefined where that changes nothing. In small letters.
 */
export function latinLookAlikes(text: string): string | undefined {
  const small = text.toLowerCase();
  const joined = small.replace(SPREAD, joinedLetters);
  const folded = /[a-z]/.test(joined)
    ? joined.replace(LOOK_ALIKE, (letter) => latin.get(letter) ?? letter).replace(WORD, lettersForDigits)
    : joined;
  return folded === small ? undefined : folded;
}

function lettersForDigits(word: string): string {
  return /[a-z]/.test(word) ? word.replace(/[013457@$]/g, (digit) => DIGITS[digit] ?? digit) : word;
}

/** Where two signs or more stand between letters, a word ends. */
function joinedLetters(spread: string): string {
  return spread
    .replace(/[ ._*-]{2,}/g, "\n")
    .replace(/[ ._*-]/g, "")
    .replaceAll("\n", " ");
}
