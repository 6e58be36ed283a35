import { Buffer } from "node:buffer";
import { seenCharacters } from "./hidden-characters.ts";
import { latinLookAlikes } from "./look-alikes.ts";

/** Longest run of an encoding that is decoded: what follows is of the same run. */
const MOST_CHARACTERS = 1 << 20;
/** Shorter runs of characters among bytes are chance. */
const SHORTEST_RUN = 12;
/** Runs longer than this are taken from their first character only. */
const SHORT_RUN = 8192;

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: " ",
  colon: ":",
  comma: ",",
  period: ".",
  excl: "!",
  num: "#",
  lpar: "(",
  rpar: ")",
  lbrack: "[",
  rbrack: "]",
  sol: "/",
  bsol: "\\",
  newline: "\n",
  tab: "\t",
  lowbar: "_",
  hyphen: "-",
};

/** Other texts that a text stands for, if it stands for any: what a reader who decodes finds. Each once, itself never. */
export function decodedForms(text: string): readonly string[] {
  const forms = [
    /&(?:#\d|#x[0-9a-f]|[a-z]+;)/i.test(text) ? entities(text) : undefined,
    /%[0-9a-f]{2}/i.test(text) ? percents(text) : undefined,
    /=[0-9A-F]{2}/.test(text)
      ? percents(text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, "%$1"))
      : undefined,
    /\\(?:u|x|U|[0-3][0-7]{2})/.test(text) ? escapes(text) : undefined,
    /[\p{Cf}\p{Variation_Selector}]/u.test(text) ? seenCharacters(text) : undefined,
    latinLookAlikes(text),
    text.normalize("NFKC"),
    TURNED.test(text) ? turned(text) : undefined,
    ...base64(text),
    ...hex(text),
  ];
  return [...new Set(forms.filter((form) => form !== undefined && form !== text))].filter(
    (form) => form !== undefined,
  );
}

/** The commonest words of English, turned by thirteen letters. */
const TURNED = /\b(?:gur|lbh|lbhe|naq|nyy|guvf|jvgu|sebz|abg|bs|nf|gb)\b/i;

function turned(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + (letter.toLowerCase() < "n" ? 13 : -13)),
  );
}

function codePoint(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

function entities(text: string): string {
  return text
    .replace(/&#(\d{1,7});?/g, (_, code: string) => codePoint(Number(code)))
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, code: string) => codePoint(Number.parseInt(code, 16)))
    .replace(/&([a-z]{2,8});/gi, (entity, name: string) => NAMED_ENTITIES[name.toLowerCase()] ?? entity);
}

function percents(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

function escapes(text: string): string {
  return text
    .replace(/\\+u\{([0-9a-f]{1,6})\}/gi, (_, code: string) => codePoint(Number.parseInt(code, 16)))
    .replace(/\\+u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\+U([0-9a-f]{8})/g, (_, code: string) => codePoint(Number.parseInt(code, 16)))
    .replace(/\\+x([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\+([0-3][0-7]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** Runs of base64 of 24 characters or more, also over several lines, that give text. Where one begins nobody knows. */
function base64(text: string): string[] {
  return [...text.matchAll(/[A-Za-z0-9+/_-]{24,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*/g)].flatMap(([run]) => {
    const letters = run.replace(/\s/g, "").slice(0, MOST_CHARACTERS);
    const starts = letters.length <= SHORT_RUN ? [0, 1, 2, 3] : [0];
    return starts.flatMap((start) => textIn(Buffer.from(letters.slice(start), "base64url")));
  });
}

/** Runs of hexadecimal digits of 24 or more, with or without signs between the bytes. */
function hex(text: string): string[] {
  return [...text.matchAll(/(?:(?:0x|\\x)?[0-9a-f]{2}[ ,:;-]?){12,}/gi)].flatMap(([run]) =>
    textIn(Buffer.from(run.slice(0, MOST_CHARACTERS).replace(/0x|\\x|[^0-9a-f]/gi, ""), "hex")),
  );
}

/** What can be read in bytes: runs of characters in UTF-8 or UTF-16, between what is none. */
function textIn(bytes: Buffer): string[] {
  return ["utf-8", "utf-16le", "utf-16be"].flatMap((encoding) => {
    // UTF-16 is told by its NULs; without them nearly any bytes would be Chinese.
    if (encoding !== "utf-8" && !bytes.includes(0)) return [];
    const runs = new TextDecoder(encoding).decode(bytes).split(/[\ufffd\p{Co}\p{Cn}]|(?![\t\r\n])\p{Cc}/u);
    const text = runs.filter((run) => run.length >= SHORTEST_RUN).join("\n");
    return text === "" ? [] : [text];
  });
}
