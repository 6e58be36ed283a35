import * as v from "valibot";
import { DnaEvidence } from "./evidence.ts";

/** What a file can tell about a person; each is a type of persona too. */
export const dnaCategories = ["financial", "social", "professional", "entertainment"] as const;
export type DnaCategory = (typeof dnaCategories)[number];

/** The kinds of items of each category, as many of each, so that completeness means the same of all. */
export const itemKinds = {
  financial: ["account", "transaction", "subscription", "income", "investment"],
  social: ["contact", "message", "group", "interest", "activity"],
  professional: ["employer", "role", "skill", "education", "connection"],
  entertainment: ["viewing", "listening", "reading", "game", "event"],
} as const satisfies Readonly<Record<DnaCategory, readonly string[]>>;
export type ItemKind = (typeof itemKinds)[DnaCategory][number];

/** All kinds, of whichever category. */
export const allItemKinds = dnaCategories.flatMap((category): readonly ItemKind[] => itemKinds[category]);

/** Most code points of what an item says. */
export const WHAT_LENGTH = 200;

const LINE_BREAK = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** What an item says, in one line of 1 to {@link WHAT_LENGTH} code points. */
export const What = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxCodePoints(WHAT_LENGTH),
  v.check((text) => !LINE_BREAK.test(text), "one line"),
);

/** How sure the model is, from 0 to 1 in hundredths. */
export const Confidence = v.pipe(
  v.number(),
  v.minValue(0),
  v.maxValue(1),
  v.check((value) => Math.round(value * 100) / 100 === value, "hundredths"),
);

const items = (category: DnaCategory) =>
  v.strictObject({
    items: v.array(
      v.strictObject({
        kind: v.picklist(itemKinds[category]),
        what: What,
        /** The first place where it stands. */
        evidence: DnaEvidence,
        confidence: Confidence,
        /** How many times it was found in the file. */
        occurrences: v.pipe(v.number(), v.integer(), v.minValue(1)),
        /** It stands in a record that may be meant to instruct a model: no persona is made of it. */
        flagged: v.boolean(),
      }),
    ),
    /** Items beyond the most that a document holds of a category. */
    items_left_out: v.pipe(v.number(), v.integer(), v.minValue(0)),
  });

/** What a file tells, by category. */
export const DnaItems = v.strictObject({
  financial: items("financial"),
  social: items("social"),
  professional: items("professional"),
  entertainment: items("entertainment"),
});
export type DnaItems = v.InferOutput<typeof DnaItems>;
/** One thing that a file tells. */
export type DnaItem = DnaItems[DnaCategory]["items"][number];
