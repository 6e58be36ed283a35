import type { Feature, FeatureBin, FeatureDrift, FeatureProfile } from "@penstock/contracts";
import { ContractViolation, type DuckSession, identifier, type Row, toEngine } from "@penstock/runtime";
import { type BinRows, distanceByChance, stabilityByChance, stabilityIndex } from "./drift.ts";
import type { DriftSettings } from "./settings.ts";

/** Views of a group's rows: of this attempt, and of the baseline where there is one. */
export interface ProfiledViews {
  readonly now: string;
  readonly before: string | null;
}

/** All but the state, which takes a look at the sources. */
export type MeasuredFeature = Omit<FeatureProfile, "state">;

type MeasuredBin = BinRows & { readonly bin: FeatureBin };

const TENTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Digits that do not depend on the order in which numbers were added up. */
const steady = (value: number): number => Number(value.toPrecision(10));

/**
 * Completeness, distribution and drift of one feature, from how often each of its values occurs on both sides: exact, and
 * over no more rows than there are different values.
 * @throws ContractViolation for a number that is not finite
 */
export async function profileFeature(
  group: string,
  feature: Pick<Feature, "name" | "type">,
  views: ProfiledViews,
  limits: DriftSettings,
  session: DuckSession,
): Promise<MeasuredFeature> {
  const isNumber = /^(bigint|double|decimal)/.test(feature.type);
  const counted = await countValues(feature.name, isNumber ? "double" : "varchar", views, session);
  const measured = isNumber
    ? await profileNumber(counted, limits, session)
    : await profileCategory(counted, limits, session);
  await session.run(`DROP TABLE ${counted.table}`);
  const numbers = [measured.mean, measured.deviation, measured.least, measured.greatest, ...measured.deciles];
  if (!numbers.every((number) => number === null || Number.isFinite(number)))
    throw new ContractViolation(`${group}.${feature.name} has values that are no finite numbers`);
  return measured;
}

interface Counted {
  /** Table of (value, now, before): rows by value on both sides, without nulls. */
  readonly table: string;
  readonly now: Side;
  /** Null without a baseline. */
  readonly before: Side | null;
}

interface Side {
  readonly rows: number;
  readonly nulls: number;
}

async function countValues(
  name: string,
  type: "double" | "varchar",
  { now, before }: ProfiledViews,
  session: DuckSession,
): Promise<Counted> {
  const value = `CAST(${identifier(name)} AS ${type})`;
  const side = (view: string, counts: string) =>
    `SELECT ${value} AS value, ${counts} FROM ${identifier(view)} GROUP BY ${value}`;
  const sides =
    before === null
      ? side(now, "count(*) AS now_rows, 0 AS before_rows")
      : `SELECT value, CAST(sum(now_rows) AS BIGINT) AS now_rows, CAST(sum(before_rows) AS BIGINT) AS before_rows
         FROM (${side(now, "count(*) AS now_rows, 0 AS before_rows")}
           UNION ALL ${side(before, "0 AS now_rows, count(*) AS before_rows")}) sides
         GROUP BY value`;
  const table = "counted_values";
  await session.run(`CREATE OR REPLACE TABLE ${table} AS ${toEngine(sides, "duckdb")}`);
  const [sums] = await session.rows(
    toEngine(
      `SELECT coalesce(sum(now_rows), 0) AS now_rows, coalesce(sum(before_rows), 0) AS before_rows,
        coalesce(sum(CASE WHEN value IS NULL THEN now_rows END), 0) AS now_nulls,
        coalesce(sum(CASE WHEN value IS NULL THEN before_rows END), 0) AS before_nulls
       FROM ${table}`,
      "duckdb",
    ),
  );
  await session.run(`DELETE FROM ${table} WHERE value IS NULL`);
  return {
    table,
    now: { rows: numberOf(sums, "now_rows"), nulls: numberOf(sums, "now_nulls") },
    before:
      before === null ? null : { rows: numberOf(sums, "before_rows"), nulls: numberOf(sums, "before_nulls") },
  };
}

async function profileNumber(
  counted: Counted,
  limits: DriftSettings,
  session: DuckSession,
): Promise<MeasuredFeature> {
  const { now, before } = counted;
  const values = now.rows - now.nulls;
  const valuesBefore = before === null ? 0 : before.rows - before.nulls;
  const deciles = (side: "now" | "before", of: number) =>
    TENTHS.map(
      (tenth) => `min(CASE WHEN ${side}_up_to * 10 >= ${tenth * of} THEN value END) AS ${side}_${tenth}`,
    );
  const cumulated = `(SELECT value, now_rows, before_rows, sum(now_rows) OVER (ORDER BY value) AS now_up_to,
    sum(before_rows) OVER (ORDER BY value) AS before_up_to FROM ${counted.table}) cumulated`;
  const [found] = await session.rows(
    toEngine(
      `SELECT count(CASE WHEN now_rows > 0 THEN 1 END) AS different,
        min(CASE WHEN now_rows > 0 THEN value END) AS least, max(CASE WHEN now_rows > 0 THEN value END) AS greatest,
        sum(value * now_rows) AS total, ${deciles("now", values).join(", ")}, ${deciles("before", valuesBefore).join(", ")},
        max(abs(CAST(now_up_to AS DOUBLE) / ${Math.max(1, values)}E0 - CAST(before_up_to AS DOUBLE) / ${Math.max(1, valuesBefore)}E0)) AS distance
       FROM ${cumulated}`,
      "duckdb",
    ),
  );
  const decilesOf = (side: "now" | "before", of: number) =>
    of === 0 ? [] : TENTHS.map((tenth) => numberOf(found, `${side}_${tenth}`));
  const nowDeciles = decilesOf("now", values);
  const edges = [...new Set(before === null ? nowDeciles : decilesOf("before", valuesBefore))];
  const mean = values === 0 ? null : numberOf(found, "total") / values;
  const [binned] = await session.rows(
    toEngine(
      `SELECT ${[
        `sum(now_rows * (value - ${double(mean ?? 0)}) * (value - ${double(mean ?? 0)})) AS squares`,
        ...edges.flatMap((edge, bin) =>
          (["now", "before"] as const).map(
            (side) =>
              `coalesce(sum(CASE WHEN value <= ${double(edge)} THEN ${side}_rows END), 0) AS ${side}_${bin}`,
          ),
        ),
      ].join(", ")} FROM ${counted.table}`,
      "duckdb",
    ),
  );
  const upTo = (side: "now" | "before", bin: number, of: number) =>
    bin < 0 ? 0 : bin < edges.length ? numberOf(binned, `${side}_${bin}`) : of;
  const bins = [...edges, null].map((edge, bin): MeasuredBin => {
    const rows = upTo("now", bin, values) - upTo("now", bin - 1, values);
    return {
      bin: { of: "numbers", up_to: edge, rows, share: shareOf(rows, now.rows) },
      now: rows,
      before: upTo("before", bin, valuesBefore) - upTo("before", bin - 1, valuesBefore),
    };
  });
  const distance =
    values === 0 || valuesBefore === 0
      ? null
      : { value: steady(numberOf(found, "distance")), chance: distanceByChance(values, valuesBefore) };
  return {
    kind: "number",
    ...completeness(now, numberOf(found, "different")),
    mean: mean === null ? null : steady(mean),
    deviation: values === 0 ? null : steady(Math.sqrt(numberOf(binned, "squares") / values)),
    least: values === 0 ? null : numberOf(found, "least"),
    greatest: values === 0 ? null : numberOf(found, "greatest"),
    deciles: nowDeciles,
    ...compared([...bins, nullBin(counted)], counted, distance, limits),
  };
}

async function profileCategory(
  counted: Counted,
  limits: DriftSettings,
  session: DuckSession,
): Promise<MeasuredFeature> {
  const { now, before } = counted;
  const side = before === null ? "now" : "before";
  const common = await session.rows(
    toEngine(
      `SELECT value, now_rows, before_rows, place FROM (
         SELECT value, now_rows, before_rows, row_number() OVER (ORDER BY ${side}_rows DESC, value) AS place
         FROM ${counted.table} WHERE ${side}_rows > 0) ranked
       WHERE place <= ${limits.categories}`,
      "duckdb",
    ),
  );
  const [all] = await session.rows(
    toEngine(`SELECT count(CASE WHEN now_rows > 0 THEN 1 END) AS different FROM ${counted.table}`, "duckdb"),
  );
  const inOrder = common.toSorted((a, b) => numberOf(a, "place") - numberOf(b, "place"));
  const bins = inOrder.map((row): MeasuredBin => {
    const rows = numberOf(row, "now_rows");
    return {
      bin: { of: "value", value: String(row.value), rows, share: shareOf(rows, now.rows) },
      now: rows,
      before: numberOf(row, "before_rows"),
    };
  });
  const own = (of: "now" | "before") => bins.reduce((sum, bin) => sum + bin[of], 0);
  const rest = now.rows - now.nulls - own("now");
  const restBefore = before === null ? 0 : before.rows - before.nulls - own("before");
  bins.push({
    bin: { of: "rest", rows: rest, share: shareOf(rest, now.rows) },
    now: rest,
    before: restBefore,
  });
  return {
    kind: "category",
    ...completeness(now, numberOf(all, "different")),
    mean: null,
    deviation: null,
    least: null,
    greatest: null,
    deciles: [],
    ...compared([...bins, nullBin(counted)], counted, null, limits),
  };
}

function completeness({ rows, nulls }: Side, distinct: number) {
  return { nulls, share_null: shareOf(nulls, rows), distinct };
}

function nullBin({ now, before }: Counted): MeasuredBin {
  const bin: FeatureBin = { of: "null", rows: now.nulls, share: shareOf(now.nulls, now.rows) };
  return { bin, now: now.nulls, before: before?.nulls ?? 0 };
}

/** The bins, and the drift where both sides have rows. */
function compared(
  measured: readonly MeasuredBin[],
  { now, before }: Counted,
  distance: { readonly value: number; readonly chance: number } | null,
  limits: DriftSettings,
): { readonly bins: FeatureBin[]; readonly drift: FeatureDrift | null } {
  const bins = measured.map(({ bin }) => bin);
  if (before === null || before.rows === 0 || now.rows === 0) return { bins, drift: null };
  const psi = stabilityIndex(measured);
  const psi_chance = stabilityByChance(measured);
  const isFar = distance !== null && distance.value >= limits.ks && distance.value > distance.chance;
  return {
    bins,
    drift: {
      psi,
      psi_chance,
      ks: distance?.value ?? null,
      ks_chance: distance?.chance ?? null,
      drifted: (psi >= limits.psi && psi > psi_chance) || isFar,
    },
  };
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** A double as a literal: the shortest text that is read as the same one. */
const double = (value: number): string => `CAST('${value}' AS DOUBLE)`;

/** A number of a row; texts are integers beyond 2^53. */
function numberOf(row: Row | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}
