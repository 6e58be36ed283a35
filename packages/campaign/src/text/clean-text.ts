import { JOINER } from "@penstock/contracts";

/** Characters that steer a terminal or a page, or cannot be seen, and that no word or emoji needs. */
const UNSEEN = new RegExp(`(?!${JOINER})[\\p{Cf}\\p{Co}\\p{Cs}]`, "gu");
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** A tag, closed or not, and what a page makes of one that is written in entities. */
const TAG = /<[a-z/!?][^<>]*>?|&(?:lt|gt|#0*60|#0*62|#x0*3[ce]);?/gi;
/** Pictures of Markdown go whole; of its links the words stay. */
const PICTURE = /!\[[^\]]*\]\([^)]*\)?/g;
const LINK = /\[([^\]]*)\]\([^)]*\)?/g;

/** Ends of hosts that are written in any case; others only in small letters or in capitals, as sentences run together. */
const COMMON_ENDS =
  "[Cc]om|[Nn]et|[Oo]rg|[Ii]o|[Ss]hop|[Ss]tore|[Bb]iz|[Ii]nfo|[Aa]pp|[Xx]yz|[Ll]ink|[Oo]nline|[Ss]ite";

/** A day as it is written with its year last: no telephone number. */
const DATE = "\\d\\d[ ./-]\\d\\d[ ./-]\\d{4}(?!\\d)";

/** Whatever somebody could be led elsewhere by, and ids, in the order in which it is looked for. */
const CONTACTS: readonly RegExp[] = [
  /\S*:\/\/\S*/g,
  /\b(?:javascript|vbscript|data|mailto|tel|file|whatsapp|sms):\S+/gi,
  /(?<!\S)\S+\s*[([{]\s*(?:at|dot|[.@])\s*[)\]}]\s*\S+(?:\s*[([{]\s*(?:dot|[.])\s*[)\]}]\s*\S+)*/gi,
  /(?<!\S)\S*@\S+/g,
  /\busr_\w+/gi,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b[0-9a-f]{24,}\b/gi,
  // Hosts: this machine; by an end in other letters, before what stands in front is taken for one; in any case before a path.
  /(?<![\p{L}\p{N}])localhost(?![\p{L}\p{N}])(?::\d+)?(?:\/\S*)?/giu,
  /(?<![\p{L}\p{N}-])(?:[\p{L}\p{N}-]+\.)+(?:中国|中國|香港|台湾|台灣|公司|网络|網絡|商城|在线|网站|网址|集团|한국|みんな|コム)\S*/gu,
  /(?<![\p{L}\p{N}-])(?:[\p{L}\p{N}-]+\.)+\p{L}{2,24}(?::\d+)?\/\S*/gu,
  // By their dots: of ASCII, of Chinese and Japanese.
  new RegExp(
    `(?<![\\p{L}\\p{N}-])(?:[\\p{L}\\p{N}-]+[.。])+` +
      `(?:\\p{Ll}{2,24}|\\p{Lu}{2,24}|${COMMON_ENDS}|xn--[a-z0-9-]+)(?![\\p{L}\\p{N}])(?:[/?#:]\\S*)?`,
    "gu",
  ),
  /(?<![\p{L}\p{N}])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:\/\S*)?/gu,
  // Telephone numbers: of a country, in groups, or long. Groups by blanks alone are great numbers.
  /(?<!\d)(?:\+|00)\s?\d[\d ().\-/]{5,}\d/g,
  /(?<!\d)(?:\d-)?(?:\(\d{2,5}\)[ .\-/]?|0\d{1,4}[ .\-/]|\d{2,5}[.\-/])\d{3,4}[ .\-/]\d{3,4}(?!\d)/g,
  /(?<![\d-])\d{3}-\d{4}(?![\d-])/g,
  // Of eight digits or more from a nought on, but for a date; and a long group behind others.
  new RegExp(`(?<![\\d.,])(?!${DATE})\\(?0\\d(?:[ ()./-]{0,2}\\d){6,13}(?!\\d)`, "g"),
  /(?<!\d)\d{1,5}(?:[ ./-]\d{1,5}[ ./-]|[./-])\d{6,8}(?!\d)/g,
  // In letters, as the United States write those that cost nothing.
  /(?<!\d)(?:1[ -])?8(?:00|33|44|55|66|77|88)-[A-Z\d-]{5,}/g,
  /\d{9,}/g,
];

/** Characters that are looked at: more than any text is that is kept. */
const LONGEST = 2000;

/** What makes a line more than marks between words. */
const WORDS = /[\p{L}\p{N}\p{S}]/u;

/** Rounds in which what is taken out may bring something else together. What goes on after that is nobody's text. */
const ROUNDS = 5;

/** A text of anybody as one line without markup, and without characters that cannot be seen. */
export function plainLine(text: string): string {
  let line = folded(text.slice(0, LONGEST).normalize("NFC").replace(CONTROL, " ").replace(UNSEEN, ""));
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = folded(line.replace(PICTURE, " ").replace(LINK, "$1").replace(TAG, " "));
    if (next === line) return line;
    line = next;
  }
  return folded(line.replace(/[<>]/g, " "));
}

/**
 * A text that a model wrote, as one line of plain words, cut to as many code points; "" where nothing is left. Addresses,
 * links, accounts, telephone numbers and ids are taken out: a model has none to give.
 */
export function cleanText(text: string, most: number): string {
  let line = plainLine(text);
  for (let round = 0; round < ROUNDS; round += 1) {
    // In another form of its letters a text can be an address that it is not as it stands.
    const plain = line.normalize("NFKC");
    const clean = withoutContacts(plain);
    if (clean === plain) {
      // Cut within an emoji or a word, it ends in what has nothing to join any more.
      const kept = [...line].slice(0, most).join("").replace(UNSEEN, "").trim();
      return WORDS.test(kept) ? kept : "";
    }
    line = plainLine(clean);
  }
  return "";
}

function withoutContacts(text: string): string {
  return folded(CONTACTS.reduce((left, contact) => left.replace(contact, " "), text));
}

/** White space as one blank, and brackets that hold nothing any more left out. */
function folded(text: string): string {
  return text
    .replace(/[([{]\s*[)\]}]/g, " ")
    .replace(/\s+/g, " ")
    .replace(/ ([,.;:!?])/g, "$1")
    .trim();
}
