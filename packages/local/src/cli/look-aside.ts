import * as v from "valibot";
import { askFunction } from "./ask-function.ts";
import { table } from "./describe-execution.ts";
import type { Place } from "./place.ts";

const Found = v.object({
  objects: v.number(),
  records: v.number(),
  reasons: v.record(v.string(), v.number()),
  deliverable: v.number(),
  left: v.number(),
  days: v.array(v.string()),
  next: v.nullable(v.string()),
});

/** What Firehose put aside, and what has become of it. */
export interface Aside extends Omit<v.InferOutput<typeof Found>, "next"> {
  readonly delivered: boolean;
}

/** Asks the stage's function, which knows the bucket, until it has seen all that lies there. @throws {NoAnswer} */
export async function lookAside(
  place: Pick<Place, "lambda" | "prefix" | "title">,
  deliver: boolean,
): Promise<Aside> {
  const reasons: Record<string, number> = {};
  const days = new Set<string>();
  const sum = { objects: 0, records: 0, deliverable: 0, left: 0 };
  for (let after: string | null = null, more = true; more; more = after !== null) {
    const found: v.InferOutput<typeof Found> = await askFunction(
      place,
      "Undeliverable",
      { deliver, after },
      Found,
    );
    for (const [reason, records] of Object.entries(found.reasons))
      reasons[reason] = (reasons[reason] ?? 0) + records;
    for (const day of found.days) days.add(day);
    sum.objects += found.objects;
    sum.records += found.records;
    sum.deliverable += found.deliverable;
    sum.left += found.left;
    after = found.next;
  }
  return { ...sum, reasons, days: [...days].toSorted(), delivered: deliver };
}

/** The same for people. */
export function describeAside({ records, reasons, deliverable, left, days, delivered }: Aside): string {
  if (records === 0) return "Nothing lies under undeliverable/.";
  const span = [...new Set([days.at(0), days.at(-1)])].join(" to ");
  const rows = Object.entries(reasons).map(([reason, count]) => [reason, String(count)]);
  const done = delivered ? "are delivered" : "can be delivered: --deliver";
  return [
    table(["why", "records"], rows),
    "",
    ...(deliverable > 0 ? [`${deliverable} of ${days.length} days (${span}) ${done}.`] : []),
    ...(delivered && deliverable > 0
      ? [
          "A daily run takes what is within its look-back; for the others start a weekly run, or penstock backfill.",
        ]
      : []),
    ...(left > 0 ? [`${left} are no JSON or name no day, and stay.`] : []),
  ].join("\n");
}
