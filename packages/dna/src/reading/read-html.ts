import { hiddenTextFlags, textFlags } from "@penstock/runtime/flags";
import { Parser } from "htmlparser2";
import { cutBetweenNumbers } from "./cut-text.ts";
import type { DecodedText } from "./decoded-text.ts";
import { type Aside, type FileContent, noRepairs, type ReadRecord } from "./file-content.ts";
import { TEXT_UNITS } from "./read-text.ts";

/** Elements that stand within a line; all others begin a new record. */
const INLINE = new Set(
  "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span strike strong sub sup td th time tt u var wbr".split(
    " ",
  ),
);
const UNSHOWN = new Set(["script", "style", "template", "noscript", "iframe", "object", "svg", "math"]);
const HIDING_STYLE =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|font-size\s*:\s*0(?:\D|$)|(?:left|top|text-indent)\s*:\s*-\d{3,}/i;

/**
 * Reads a page: the text of each block is a record, at the byte where it begins. What a reader of the page does not see is
 * no record, and is looked through.
 */
export function readHtml(decoded: DecodedText): FileContent {
  const records: ReadRecord[] = [];
  const asides: Aside[] = [];
  /** Of each open element whether what is in it is shown. */
  const open: boolean[] = [];
  let block = { text: "", at: 0 };
  let unseen = { text: "", at: 0 };
  let before = "";
  /** Of attributes, which elements of one page have in common. */
  const known = new Map<string, ReturnType<typeof hiddenTextFlags>>();
  const aside = (text: string, at: number) => {
    const codes = known.get(text) ?? (text.trim() === "" ? [] : hiddenTextFlags(text));
    if (text.length < 200) known.set(text, codes);
    if (codes.length > 0) asides.push({ codes, member: null, offset: decoded.offsetOf(at) });
  };
  const flush = () => {
    const text = block.text.replace(/\s+/g, " ").trim();
    const offset = text === "" ? 0 : decoded.offsetOf(block.at);
    for (const piece of text === "" ? [] : cutBetweenNumbers(text, TEXT_UNITS)) {
      const own = textFlags(piece.text);
      const codes = own.length > 0 ? own : textFlags(`${before.slice(-200)} ${piece.text.slice(0, 200)}`);
      records.push({ row: null, offset, text: piece.text.trim(), codes });
      before = piece.text;
    }
    block = { text: "", at: 0 };
  };
  const flushUnseen = () => {
    aside(unseen.text, unseen.at);
    unseen = { text: "", at: 0 };
  };
  const parser = new Parser({
    onopentag(name, attributes) {
      if (!INLINE.has(name)) flush();
      const words = Object.entries(attributes).flat();
      if (words.length > 0) aside(words.join("\n"), parser.startIndex);
      const hides = UNSHOWN.has(name) || "hidden" in attributes || HIDING_STYLE.test(attributes.style ?? "");
      open.push((open.at(-1) ?? true) && !hides);
    },
    onclosetag(name) {
      if (!INLINE.has(name)) flush();
      else if (name === "td" || name === "th") block.text += " | ";
      if (open.pop() === false && open.at(-1) !== false) flushUnseen();
    },
    ontext(text) {
      if (open.at(-1) === false) {
        if (unseen.text === "") unseen.at = parser.startIndex;
        unseen.text += text;
        return;
      }
      if (block.text.trim() === "" && text.trim() !== "")
        block.at = parser.startIndex + text.length - text.trimStart().length;
      block.text += text;
    },
    oncomment: (text) => aside(text, parser.startIndex),
    onprocessinginstruction: (_, text) => aside(text, parser.startIndex),
  });
  parser.write(decoded.text);
  parser.end();
  flush();
  flushUnseen();
  return {
    format: "html",
    encoding: decoded.encoding,
    columns: 0,
    dialect: null,
    members: [],
    repairs: { ...noRepairs, other_encoding_lines: decoded.otherLines },
    sections: [{ member: null, path: null, header: null, records }],
    asides,
    hidden: { cards: 0, national_ids: 0 },
  };
}

const TAGS =
  /<\/?(?:html|head|body|title|div|p|span|table|tr|td|ul|ol|li|a|br|h[1-6]|img|b|meta|section|article)\b[^>]{0,500}>/gi;

/** Whether a text is a page: it says so at its beginning, or begins with a tag and has more of them. */
export function isHtml(text: string): boolean {
  const start = text.slice(0, 64 * 1024).trimStart();
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)\b/i.test(start)) return true;
  return start.startsWith("<") && !start.startsWith("<?xml") && hasTags(start);
}

/** Whether a text has three tags of pages or more. */
export function hasTags(text: string): boolean {
  return (text.slice(0, 64 * 1024).match(TAGS) ?? []).length >= 3;
}
