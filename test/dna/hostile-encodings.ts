/** How a payload is written, so that it can be read by who decodes and not by who looks for words. */
export interface Encoding {
  readonly name: string;
  readonly write: (text: string) => string;
  /** Made for Latin letters without accents: payloads in English only. */
  readonly latin: boolean;
  /** The whole file is in this encoding of text; UTF-8 where it is absent. */
  readonly file?: "utf16le" | "utf16be";
  /** May stand in the name of a file: no control, format or private characters, no backslash. */
  readonly named: boolean;
}

const hexOf = (text: string) => Buffer.from(text, "utf8").toString("hex");
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: "а",
  c: "с",
  e: "е",
  i: "і",
  o: "о",
  p: "р",
  s: "ѕ",
  x: "х",
  y: "у",
  j: "ј",
};
const fullWidth = (letter: string) =>
  /[!-~]/.test(letter) ? String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0) : letter;
const tag = (letter: string) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xe0000);

const plain = { latin: false, named: true };

export const encodings: readonly Encoding[] = [
  { name: "plain", write: (text) => text, ...plain },
  { name: "base64", write: (text) => Buffer.from(text, "utf8").toString("base64"), ...plain },
  { name: "hex", write: hexOf, ...plain },
  { name: "percent", write: (text) => hexOf(text).replace(/../g, "%$&"), ...plain },
  {
    name: "entities",
    write: (text) => [...text].map((letter) => `&#${letter.codePointAt(0)};`).join(""),
    ...plain,
  },
  {
    name: "escapes",
    write: (text) =>
      [...Array(text.length).keys()]
        .map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`)
        .join(""),
    latin: false,
    named: false,
  },
  {
    name: "zero width",
    write: (text) => [...text].join("\u200b"),
    latin: false,
    named: false,
  },
  {
    name: "look-alikes",
    write: (text) => text.replace(/[a-z]/g, (letter) => LOOK_ALIKES[letter] ?? letter),
    latin: true,
    named: true,
  },
  { name: "full width", write: (text) => [...text].map(fullWidth).join(""), latin: true, named: true },
  {
    name: "tags",
    write: (text) =>
      `Groceries ${[...text]
        .filter((each) => /[ -~]/.test(each))
        .map(tag)
        .join("")}`,
    latin: true,
    named: false,
  },
  {
    name: "rot13",
    write: (text) =>
      text.replace(/[a-z]/gi, (letter) => {
        const first = letter <= "Z" ? 65 : 97;
        return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
      }),
    latin: true,
    named: true,
  },
  {
    name: "base64 of percent",
    write: (text) => Buffer.from(hexOf(text).replace(/../g, "%$&"), "utf8").toString("base64"),
    ...plain,
  },
  { name: "UTF-16, little end first", write: (text) => text, file: "utf16le", latin: false, named: false },
  { name: "UTF-16, big end first", write: (text) => text, file: "utf16be", latin: false, named: false },
];
