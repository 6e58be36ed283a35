import * as v from "valibot";
import { count, finite, notEnoughData, resultOf } from "../result.ts";
import { type KnownNames, type SqlPattern, sqlPattern } from "./sql-pattern.ts";

const MODEL = "query-patterns";
const VERSION = 1;
const nonNegative = v.pipe(finite, v.minValue(0));

/** One query, as it was asked or as the engine remembers it. */
export interface QueryUse {
  readonly sql: string;
  /** A question to the copilot, or a line of the engine's history. */
  readonly source: "question" | "history";
  readonly outcome: "succeeded" | "failed" | "refused";
  /** ISO 8601, UTC. */
  readonly at: string;
  /** That it ran for; null where it did not, or is not known. */
  readonly seconds: number | null;
  readonly scanned_bytes: number | null;
}

export const QueryPatternsResult = resultOf(MODEL, VERSION, {
  patterns: v.array(
    v.strictObject({
      pattern: v.string(),
      tables: v.array(v.string()),
      queries: count,
      /** Of them, questions to the copilot. */
      asked: count,
      /** Of them, failed or refused. */
      failed: count,
      /** Of those that ran and did not fail; null where none did. */
      median_seconds: v.nullable(nonNegative),
      p95_seconds: v.nullable(nonNegative),
      /** By all of them. */
      scanned_bytes: count,
      last_at: v.string(),
    }),
  ),
});
export type QueryPatternsResult = v.InferOutput<typeof QueryPatternsResult>;

/**
 * Query pattern analysis: what is asked of the tables, how often, how fast and how dear.
 *
 * Method: queries that are equal but for their values and aliases are one pattern ({@link sqlPattern}); per pattern counts,
 * the median and the 95th percentile of seconds (nearest rank), bytes. What the copilot ran stands in the questions and, bound
 * to a build, in the history too; it is counted once, as a question.
 *
 * Input: queries with seconds and bytes; names that are known. Queries that read no known table are left out. Output:
 * patterns, the most frequent first, without any value of a query. `trained_on` counts queries.
 *
 * "Not enough data": no query of a known table.
 *
 * Source: normalising queries to digests is what databases do for their own statistics (MySQL's statement digests,
 * PostgreSQL's pg_stat_statements).
 */
export function queryPatterns(given: readonly QueryUse[], known: KnownNames): QueryPatternsResult {
  const groups = new Map<string, Group>();
  for (const use of given) {
    const found = sqlPattern(use.sql, known);
    if (found.tables.length === 0 || !Number.isFinite(Date.parse(use.at))) continue;
    const group = groups.get(found.pattern) ?? { tables: found.tables, uses: [] };
    groups.set(found.pattern, group);
    group.uses.push({ ...use, isBound: found.isBound });
  }
  const patterns = [...groups].map(([pattern, group]) => summary(pattern, group));
  const total = (of: (one: (typeof patterns)[number]) => number) =>
    patterns.reduce((sum, one) => sum + of(one), 0);
  const moments = [...groups.values()].flatMap(({ uses }) => uses.map(({ at }) => at)).sort();
  const queries = total((one) => one.queries);
  if (queries === 0) return notEnoughData(MODEL, VERSION, "no query of these tables is known");
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: queries, from: moments[0] ?? null, to: moments.at(-1) ?? null },
    metrics: {
      patterns: patterns.length,
      asked: total(({ asked }) => asked),
      failed_share: total(({ failed }) => failed) / queries,
      scanned_bytes: total(({ scanned_bytes }) => scanned_bytes),
    },
    patterns: patterns.sort((a, b) => b.queries - a.queries || (a.pattern < b.pattern ? -1 : 1)),
  };
}

interface Group {
  readonly tables: SqlPattern["tables"];
  readonly uses: (QueryUse & Pick<SqlPattern, "isBound">)[];
}

function summary(pattern: string, { tables, uses }: Group) {
  const asked = uses.filter(({ source }) => source === "question");
  // A question that was not refused has a line of history of its own.
  let twice = asked.filter(({ outcome }) => outcome !== "refused").length;
  const counted = uses.filter(({ source, isBound }) => source === "question" || !isBound || twice-- <= 0);
  const seconds = counted
    .filter(({ outcome }) => outcome === "succeeded")
    .flatMap((use) => (use.seconds !== null && use.seconds >= 0 ? use.seconds : []))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return {
    pattern,
    tables: [...tables],
    queries: counted.length,
    asked: asked.length,
    failed: counted.filter(({ outcome }) => outcome !== "succeeded").length,
    median_seconds: quantile(seconds, 0.5),
    p95_seconds: quantile(seconds, 0.95),
    scanned_bytes: counted.reduce((sum, use) => sum + bytesOf(use), 0),
    last_at: uses.map(({ at }) => at).reduce((a, b) => (Date.parse(a) >= Date.parse(b) ? a : b)),
  };
}

function bytesOf({ scanned_bytes }: QueryUse): number {
  const bytes = Math.round(scanned_bytes ?? 0);
  return bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER ? bytes : 0;
}

/** The least value that so many of the sorted ones do not exceed. */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
