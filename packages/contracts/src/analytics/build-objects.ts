import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * The name of a build: `20261121T053000Z-000042`, moment and generation, so that names sort as builds follow each other.
 * It stands in keys, in SQL and in the catalogue.
 */
export const BuildName = v.pipe(v.string(), v.regex(/^\d{8}T\d{6}Z-\d{6,}$/, "a build's name"));
export type BuildName = v.InferOutput<typeof BuildName>;

/** One object of a table of a build. */
export const BuildObject = v.strictObject({
  key: v.string(),
  rows: count,
  bytes: count,
  /** Values of the partition keys below `build`. */
  partition: v.record(v.string(), v.string()),
});

/** What one build wrote of one table. */
export const BuildTable = v.strictObject({ rows: count, bytes: count, objects: v.array(BuildObject) });

/** The marts of a build, at {@link manifestKey} of the Marts bucket: written last, so that it speaks of what is there. */
export const MartsManifest = v.strictObject({
  build: BuildName,
  built_at: v.string(),
  /** Last day of purchases in the data, `YYYY-MM-DD`; null without any order. */
  as_of: v.nullable(v.string()),
  /** Rows of the curated tables that were read. */
  curated_rows: count,
  /** Orders that break a rule over several tables: in no mart. */
  orders_left_out: count,
  tables: v.record(v.string(), BuildTable),
});
export type MartsManifest = v.InferOutput<typeof MartsManifest>;

const head = {
  system: v.string(),
  report: v.string(),
  build: BuildName,
  built_at: v.string(),
  model: v.string(),
  version: count,
};

/**
 * All of a report but its rows, at {@link reportKey} of the system's bucket, written after them. The rows are the report's
 * table; without any there is no object. "Not enough data" has no rows but those of series that say why themselves.
 */
export const ReportHead = v.variant("status", [
  v.strictObject({
    ...head,
    status: v.literal("ok"),
    trained_on: v.strictObject({
      observations: count,
      from: v.nullable(v.string()),
      to: v.nullable(v.string()),
    }),
    metrics: v.record(v.string(), v.pipe(v.number(), v.finite())),
    /** What a model says besides its rows and metrics: parameters, the horizon. */
    details: v.record(v.string(), v.unknown()),
    table: BuildTable,
  }),
  v.strictObject({ ...head, status: v.literal("not enough data"), reason: v.string(), table: BuildTable }),
]);
export type ReportHead = v.InferOutput<typeof ReportHead>;

/** Prefix of what a build wrote of a table: `sales/build=…/`. */
export function tablePrefixOf(table: string, build: string): string {
  return `${table}/build=${build}/`;
}

/** Key of the manifest of a build's marts. The underscore hides it from crawlers and queries. */
export function manifestKey(build: string): string {
  return `_builds/${build}.json`;
}

/** Key of a report's head. */
export function reportKey(build: string, report: string): string {
  return `_reports/${build}/${report}.json`;
}

/** The item of the table of builds that says which build is current: of `marts`, or of a system. */
export const CurrentBuild = v.strictObject({
  /** A system's name, or `marts`. The table's key. */
  system: v.string(),
  build: BuildName,
  built_at: v.string(),
  /** Counts the leases of `curated-to-prod`: a build of an earlier one never takes the place of a later one's. */
  generation: count,
  /** The last build that the catalogue had all rows of: what queries are written over. Absent before the first. */
  catalogued: v.optional(BuildName),
});
export type CurrentBuild = v.InferOutput<typeof CurrentBuild>;
