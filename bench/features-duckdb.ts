import path from "node:path";
import { identifier, openSession, text } from "@penstock/runtime";
import * as v from "valibot";
import { queriesByHand } from "./features-by-hand.ts";
import { FeatureData, type MeasuredByHand, MeasuredRun } from "./features-measured.ts";

/** The same features by plain SQL over the same clean files, Parquet in to Parquet out: a process of its own. */
const [given = "", measured = "", folder = ""] = process.argv.slice(2);
const data = v.parse(FeatureData, JSON.parse(given));
const { clean, features } = v.parse(MeasuredRun, JSON.parse(measured));

/** What of a group is compared: rounded, since sums of fractions depend on their order. */
const COMPARED: Readonly<
  Record<string, { readonly numbers: readonly string[]; readonly texts: readonly string[] }>
> = {
  user: {
    numbers: [
      "total_interactions",
      "total_purchases",
      "avg_session_duration",
      "avg_price_point",
      "recency_days",
      "frequency_score",
      "monetary_value",
      "diversity_score",
    ],
    texts: ["user_id", "favorite_category"],
  },
  item: {
    numbers: [
      "popularity_score",
      "conversion_rate",
      "avg_rating",
      "price_percentile",
      "recency_score",
      "category_popularity",
      "trending_score",
    ],
    texts: ["product_id"],
  },
  interaction: {
    numbers: ["user_item_affinity", "time_of_day", "day_of_week", "session_position"],
    texts: ["interaction_id", "user_id", "product_id", "interaction_type", "category_match", "price_match"],
  },
};

await using session = await openSession({
  memoryMb: 3072,
  threads: 2,
  tempDirectory: path.join(folder, "spill"),
});
for (const name of ["interactions", "products"])
  await session.run(
    `CREATE VIEW ${name} AS SELECT * FROM read_parquet(${text(path.join(clean, name, "**/*.parquet"))})`,
  );
const target = (group: string) => path.join(folder, `${group}.parquet`);
const groups: Record<string, number> = {};
for (const [group, query] of Object.entries(queriesByHand({ until: data.until }))) {
  const began = performance.now();
  await session.run(`COPY (${query}) TO ${text(target(group))} (FORMAT parquet, COMPRESSION snappy)`);
  groups[group] = (performance.now() - began) / 1000;
}
const differences: string[] = [];
for (const [group, { numbers, texts }] of Object.entries(COMPARED)) {
  const figures = [
    "count(*) AS rows",
    ...numbers.map((name) => `round(sum(round(${name}, 6)), 3) AS ${identifier(name)}`),
    ...numbers.map((name) => `count(${name}) AS ${identifier(`${name} known`)}`),
    ...texts.map(
      (name) => `CAST(sum(hash(CAST(${name} AS VARCHAR)) % 1000003) AS VARCHAR) AS ${identifier(name)}`,
    ),
  ].join(", ");
  const of = async (files: string) =>
    (await session.rows(`SELECT ${figures} FROM read_parquet(${text(files)}, hive_partitioning = false)`))[0];
  const [ours, theirs] = [await of(path.join(features[group] ?? "", "*")), await of(target(group))];
  for (const [figure, value] of Object.entries(theirs ?? {}))
    if (!alike(value, ours?.[figure]))
      differences.push(`${group}.${figure}: ${value} by hand, ${ours?.[figure]}`);
}
const answer: MeasuredByHand = {
  seconds: Object.values(groups).reduce((sum, one) => sum + one, 0),
  groups,
  differences,
};
console.log(JSON.stringify(answer));

/** Sums of rounded fractions: of millions of them the last digits are their order's. */
function alike(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  const [a, b] = [Number(left), Number(right)];
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
