import type { ShownRecord } from "./sections.ts";

/** One thing that a record tells, before those that say the same are put together. */
export interface Draft {
  readonly category: "financial" | "social" | "professional" | "entertainment";
  readonly kind: string;
  /** Begins with words of these rules; whatever has capital letters behind them stands in the record. */
  readonly what: string;
  /** The value of the record that it was read from. */
  readonly value: string;
  readonly confidence: number;
  readonly record: ShownRecord;
}

/** Characters of a value that an item repeats. */
const LONGEST = 120;

/** What a record tells by a rule: nothing where there is no value. */
export function tells(
  record: ShownRecord,
  [category, kind]: readonly [Draft["category"], string],
  says: string,
  value: string | undefined,
  confidence = 0.9,
): Draft[] {
  const said = (value ?? "").replaceAll(/\s+/g, " ").trim();
  if (value === undefined || said === "") return [];
  const short = said.length <= LONGEST ? said : said.slice(0, said.lastIndexOf(" ", LONGEST) || LONGEST);
  return [{ category, kind, what: `${says} ${short}`, value, confidence, record }];
}
