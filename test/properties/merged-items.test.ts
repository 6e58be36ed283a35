import { type FoundItem, itemKinds } from "@penstock/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { byEvidence } from "../../packages/dna/src/categorise/evidence-order.ts";
import { fold } from "../../packages/dna/src/categorise/fold.ts";
import { mergeItems } from "../../packages/dna/src/categorise/merge-items.ts";

const whats = [
  "Netflix, paid monthly",
  "NETFLIX,  paid monthly",
  "netﬂix, paid monthly",
  "Paid 1234567",
  "Paid 7654321",
];

const item: fc.Arbitrary<FoundItem> = fc.record({
  category: fc.constant("financial" as const),
  kind: fc.constantFrom(...itemKinds.financial),
  what: fc.constantFrom(...whats),
  evidence: fc.record({
    member: fc.constantFrom(null, "a.csv", "b.csv"),
    path: fc.constantFrom(null, "", "/items"),
    row: fc.integer({ min: 1, max: 5 }),
    offset: fc.constant(null),
  }),
  confidence: fc.constantFrom(0.5, 0.75, 1),
  flagged: fc.boolean(),
});

test("items are merged alike in any order, each once, none lost", () => {
  const given = fc
    .array(item, { maxLength: 40 })
    .chain((items) => fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })));

  fc.assert(
    fc.property(given, ([items, shuffled]) => {
      const merged = mergeItems(items);

      const { items: found, items_left_out } = merged.financial;
      expect(mergeItems(shuffled)).toEqual(merged);
      expect(found.reduce((sum, { occurrences }) => sum + occurrences, 0)).toBe(items.length);
      const keys = found.map(({ kind, what, flagged }) => JSON.stringify([kind, fold(what), flagged]));
      expect(new Set(keys).size).toBe(keys.length);
      expect(items_left_out).toBe(0);
      for (const { what, evidence } of found)
        expect(items.some((one) => one.what === what && byEvidence(one.evidence, evidence) === 0)).toBe(true);
    }),
  );
});
