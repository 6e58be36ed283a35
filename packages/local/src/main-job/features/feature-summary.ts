import { plainColumns } from "../plain-columns.ts";
import { percent } from "../prod/figures.ts";
import type { FeatureRun } from "./feature-run.ts";
import { commonest, featuresOf, shortNumber } from "./feature-values.ts";

const head = ["feature", "known", "different", "least", "10 %", "median", "90 %", "greatest", "mean"];

/** What a run's features look like: a line each, in columns. What the sources do not tell is left out. */
export function featureSummary(of: Pick<FeatureRun, "profile">): string[] {
  const table = plainColumns(head, ["feature"]);
  for (const { name, profile } of featuresOf(of.profile)) {
    const { state, kind, share_null, distinct, least, greatest, mean, deciles } = profile;
    if (state === "absent") continue;
    const known = [name, percent(1 - share_null), distinct];
    if (kind === "category")
      table.push([
        ...known,
        { colSpan: head.length - known.length, hAlign: "left", content: commonest(profile, 3) },
      ]);
    else
      table.push([
        ...known,
        ...[least, deciles[0], deciles[4], deciles[8], greatest, mean].map((value) =>
          value === undefined || value === null ? "" : shortNumber(value),
        ),
      ]);
  }
  return table
    .toString()
    .split("\n")
    .map((line) => `    ${line.trimEnd()}`);
}
