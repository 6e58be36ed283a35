import { fencedLines } from "../fenced-lines.ts";
import type { Draft } from "./draft.ts";
import { moneyItems } from "./money.ts";
import { placedItems, tableItems } from "./people-and-pastimes.ts";
import { type ShownSection, sectionsOf } from "./sections.ts";
import { textItems } from "./texts.ts";

/** Items of an answer, as many as the prompt allows. */
const MOST = 40;
/** Characters of a quote. */
const QUOTE = 100;

/**
 * The answer to a part of an export, by the names of columns, keys and places and by some words of English: the records
 * between the marks are all that is read, and nothing in them is followed.
 */
export function categorised(message: string): object {
  const drafts = sectionsOf(fencedLines(message)).flatMap(itemsOf);
  const groups = [
    ...Map.groupBy(drafts, ({ category, kind, what }) => `${category} ${kind} ${plain(what)}`).values(),
  ];
  const byKind = Map.groupBy(
    groups.toSorted((left, right) => right.length - left.length),
    ([first]) => `${first?.category} ${first?.kind}`,
  );
  return {
    items: inTurns([...byKind.values()])
      .slice(0, MOST)
      .flatMap(item),
  };
}

function itemsOf(section: ShownSection): Draft[] {
  const [first] = section.records;
  if (first === undefined || first.fields.names.length === 0) return section.records.flatMap(textItems);
  const names = (name: RegExp) => first.fields.has(name);
  return (
    moneyItems(section, names) ??
    tableItems(section, names) ??
    placedItems(section) ??
    section.records.flatMap(textItems)
  );
}

function item([first]: readonly Draft[]): object[] {
  if (first === undefined) return [];
  const { category, kind, what, value, confidence, record } = first;
  return [{ category, kind, what, label: record.label, quote: quoteOf(value, record.text), confidence }];
}

/** A piece of the record: the value, where it stands there as it is. */
function quoteOf(value: string, text: string): string {
  const piece = [...value].slice(0, QUOTE).join("");
  return piece.trim().length > 1 && text.includes(piece) ? piece : [...text].slice(0, QUOTE).join("");
}

/** Texts that say the same. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\d{6,}/g, "#")
    .replaceAll(/\s+/g, " ");
}

/** One of each list in turn: no kind takes the place of another. */
function inTurns<Each>(lists: readonly (readonly Each[])[]): Each[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list) => list.slice(place, place + 1)),
  ).flat();
}
