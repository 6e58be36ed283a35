import {
  type ChunkRecord,
  type DnaEvidence,
  type ExportChunk,
  FoundItem,
  itemKinds,
} from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";
import * as v from "valibot";
import type { CategoriseAnswer } from "../prompts/index.ts";
import { repeatsOf, saysMoreThan } from "./says-more.ts";
import { spokenText } from "./spoken-text.ts";

/** Code points of the longest piece of a record that counts as one. */
const LONGEST_QUOTE = 120;
/** One letter stands in any record. */
const SHORTEST_QUOTE = 2;

interface Place {
  readonly record: ChunkRecord;
  /** Where its section comes from, in words of the file. */
  readonly origin: string;
  readonly evidence: DnaEvidence;
}

/**
 * The items of an answer that stand where they say they do: the label is one of the chunk, the quote is a piece of that
 * record, and names, long numbers, addresses and ids stand there too. Of the others only their number is kept. Evidence is made of
 * the label; the quote has served.
 *
 * Where one record of the chunk may be meant to instruct a model, whatever it answered may have been said by that record:
 * all items are flagged.
 *
 * @param prompt the system text, which no item may repeat
 */
export function groundedItems(
  { items }: CategoriseAnswer,
  chunk: ExportChunk,
  prompt: string,
): { readonly items: readonly FoundItem[]; readonly unfounded: number } {
  const places = placesOf(chunk);
  const suspicious = chunk.sections.some(({ records }) => records.some(({ flagged }) => flagged));
  const repeats = repeatsOf(prompt);
  const found = items.flatMap((item) => {
    const place = places.get(item.label);
    const what = spokenText(item.what);
    const stands =
      place !== undefined &&
      what !== "" &&
      itemKinds[item.category].some((kind) => kind === item.kind) &&
      isQuote(item.quote, place.record.text) &&
      !saysMoreThan(`${place.origin} ${place.record.text}`)(what) &&
      !repeats(what);
    if (!stands) return [];
    const { category, kind } = item;
    return v.parse(FoundItem, {
      category,
      kind,
      what,
      evidence: place.evidence,
      confidence: Math.round(item.confidence * 100) / 100,
      flagged: suspicious || textFlags(what).length > 0,
    });
  });
  return { items: found, unfounded: items.length - found.length };
}

function placesOf({ sections }: ExportChunk): ReadonlyMap<string, Place> {
  return new Map(
    sections.flatMap(({ member, path, header, records }) => {
      const origin = [member, path, header].join(" ");
      return records.map((record) => {
        const { row, offset } = record;
        return [record.label, { record, origin, evidence: { member, path, row, offset } }] as const;
      });
    }),
  );
}

/** A text by its letters alone: however its white space and its accents are written. */
function plain(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}

function isQuote(quote: string, record: string): boolean {
  const piece = plain(quote);
  const length = [...piece].length;
  return length >= SHORTEST_QUOTE && length <= LONGEST_QUOTE && plain(record).includes(piece);
}
