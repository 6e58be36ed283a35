import { type DnaCategory, DnaItems, dnaCategories, type FoundItem } from "@penstock/contracts";
import * as v from "valibot";
import { byEvidence, byText } from "./evidence-order.ts";
import { fold } from "./fold.ts";

/** Most items of a category in a document. */
const MOST_ITEMS = 500;

/**
 * The items of all chunks of a file, those that say the same as one: with the first place where it stands, the highest
 * confidence, and how often it was found. What only flagged records say is an item of its own. Of each category the 500 that
 * were found most often, by confidence and place; the order of what is given changes nothing.
 */
export function mergeItems(found: readonly FoundItem[]): DnaItems {
  const groups = Map.groupBy(found, ({ category, kind, what, flagged }) =>
    JSON.stringify([category, kind, fold(what), flagged]),
  );
  const merged = [...groups.values()].map((group) => {
    const ordered = group.toSorted((a, b) => byEvidence(a.evidence, b.evidence) || byText(a.what, b.what));
    const [first] = ordered;
    const confidence = Math.max(...group.map((item) => item.confidence));
    return { first, confidence, occurrences: group.length };
  });
  const of = (category: DnaCategory) => {
    const ranked = merged
      .flatMap(({ first, confidence, occurrences }) => {
        if (first?.category !== category) return [];
        const { kind, what, evidence, flagged } = first;
        return [{ kind, what, evidence, confidence, occurrences, flagged }];
      })
      .toSorted(
        (a, b) =>
          b.occurrences - a.occurrences ||
          b.confidence - a.confidence ||
          byEvidence(a.evidence, b.evidence) ||
          byText(a.kind, b.kind) ||
          byText(a.what, b.what) ||
          Number(a.flagged) - Number(b.flagged),
      );
    return {
      items: ranked.slice(0, MOST_ITEMS),
      items_left_out: Math.max(0, ranked.length - MOST_ITEMS),
    };
  };
  return v.parse(DnaItems, Object.fromEntries(dnaCategories.map((category) => [category, of(category)])));
}
