import { completeness, type DnaDocument, type DnaItem, itemKinds } from "@penstock/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { factCollector } from "../../packages/dna/src/personas/facts.ts";
import { planPersonas } from "../../packages/dna/src/personas/plan-personas.ts";
import { settings } from "../dna/dna-settings.ts";
import { documentOf, itemOf } from "../dna/documents.ts";
import { personaBuilds } from "../dna/persona-builds.ts";

/** Few words, so that files say the same, in several ways of writing. */
const whats = [
  "Chase checking",
  "CHASE  checking",
  "ﬁdelity",
  "Fidelity",
  "Paid 1234567",
  "Paid 7654321",
  "Gym",
];

const items = <Kind extends DnaItem["kind"]>(kinds: readonly Kind[]) =>
  fc.array(
    fc
      .record({
        kind: fc.constantFrom(...kinds),
        what: fc.constantFrom(...whats),
        row: fc.integer({ min: 1, max: 4 }),
        confidence: fc.constantFrom(0.3, 0.5, 0.75, 1),
        occurrences: fc.integer({ min: 1, max: 3 }),
        flagged: fc.boolean(),
      })
      .map(({ kind, what, row, ...more }) =>
        itemOf(kind, what, { ...more, evidence: { member: null, path: null, row, offset: null } }),
      ),
    { maxLength: 6 },
  );

/** Documents of a person, one a file. */
const documents: fc.Arbitrary<DnaDocument[]> = fc.uniqueArray(
  fc
    .record({
      file: fc.constantFrom("a.csv", "B.csv", "b.csv", "b/c.json", "é.txt", "z.zip"),
      financial: items(itemKinds.financial),
      social: items(itemKinds.social),
      state: fc.constantFrom("categorised" as const, "partial" as const, "failed" as const),
      day: fc.integer({ min: 10, max: 28 }),
    })
    .map(({ file, financial, social, state, day }) =>
      documentOf(file, { financial, social }, { state, arrived_at: `2026-11-${day}T10:00:00.000Z` }),
    ),
  { selector: ({ file }) => file, minLength: 1 },
);

const planned = (all: readonly DnaDocument[]) => {
  const collector = factCollector();
  for (const document of all) collector.add(document);
  return planPersonas(collector.facts(), settings);
};

test("a set of documents has one plan of personas, whatever the order in which they are read", () => {
  const given = documents.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );

  fc.assert(
    fc.property(given, ([all, shuffled]) => {
      expect(planned(shuffled)).toEqual(planned(all));
    }),
    { numRuns: 200 },
  );
});

test("however documents come in groups, some twice, each group with a build after it, the personas are the same bytes as of one build", async () => {
  const given = documents.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.array(fc.subarray(all), { maxLength: 5 }),
      fc.shuffledSubarray(all, { minLength: all.length }),
    ),
  );

  await fc.assert(
    fc.asyncProperty(given, async ([all, groups, last]) => {
      const [atOnce, inGroups] = [personaBuilds(), personaBuilds()];
      await atOnce.write(...all);
      await atOnce.build();
      for (const group of [...groups, last]) {
        await inGroups.write(...group);
        await inGroups.build();
      }

      expect(inGroups.bytes()).toBe(atOnce.bytes());
      const calls = inGroups.asked.length;
      expect(await inGroups.build()).toMatchObject({ changed: false, types: [] });
      expect(inGroups.asked.length).toBe(calls);
    }),
    { numRuns: 60 },
  );
});

test("completeness never falls when a file comes, and sources are just the files of its facts", () => {
  fc.assert(
    fc.property(documents, (all) => {
      const before = planned(all.slice(1));

      for (const { type, completeness: now, sources } of planned(all)) {
        expect(now).toBeGreaterThanOrEqual(before.find((one) => one.type === type)?.completeness ?? 0);
        const telling = all.filter(
          ({ state, categories }) =>
            state !== "failed" &&
            categories[type].items.some(({ flagged, confidence }) => !flagged && confidence >= 0.5),
        );
        expect(sources).toEqual(telling.map(({ file }) => file).sort());
      }
    }),
    { numRuns: 100 },
  );
  expect(completeness({ facts: 50, kinds: 5, sources: 4 })).toBe(100);
});
