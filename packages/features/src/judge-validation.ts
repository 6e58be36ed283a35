import path from "node:path";
import {
  type CatalogueTable,
  catalogueTables,
  cleanTables,
  type FeaturePlan,
  type LaterCatalogue,
  quarantineKey,
  type ValidationCheck,
  ValidationReport,
  validationReportKey,
} from "@penstock/contracts";
import {
  type DuckSession,
  forSpark,
  inParallel,
  type S3Uri,
  s3Uri,
  text,
  workDirectory,
} from "@penstock/runtime";
import * as v from "valibot";
import { knownDigests, noteDigests } from "./catalogue-digests.ts";
import { makeVersions, type ReadCatalogue, readCatalogue } from "./catalogue-versions.ts";
import { cleanPlan } from "./clean-plan.ts";
import { type LandedPart, landedParts } from "./landed-parts.ts";
import { LANDED_COLUMNS } from "./landing-sql.ts";
import { laterCatalogue, laterInWords } from "./later-catalogue.ts";
import { inOneFunction } from "./one-function.ts";
import type { FeaturesPorts } from "./ports.ts";
import { OBJECT_FAULTS } from "./raw-lines.ts";
import { readPlan } from "./read-plan.ts";
import type { PlannedInput } from "./task-inputs.ts";
import { lineChecks, lineChecksOfDays, rowChecks } from "./validation-checks.ts";

/** What validation decided, for the state machine. */
export interface Verdict {
  readonly report: S3Uri;
  /** `empty`: no day of the run has a line, so that there is nothing to go on with. */
  readonly state: ValidationReport["state"];
  /** False only where a threshold broke. */
  readonly passed: boolean;
  readonly broken: readonly Pick<ValidationCheck, "check" | "share" | "limit">[];
  /** Of all days that are judged, also those that an earlier run has landed: lines = rows + rejected. */
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
  /** Interactions whose products' attributes were told only after them. */
  readonly later_catalogue: LaterCatalogue;
  /** The plan of cleaning, and where its answers go; null unless the run goes on. */
  readonly clean: { readonly plan: S3Uri; readonly result: S3Uri } | null;
}

/**
 * Judges what the days of a run hold, writes the report, and where it passes writes down how the days are cleaned. What
 * was landed of a day before is judged with what came now.
 * @throws TooLarge for more rows than one function takes
 */
export async function judgeValidation({ plan: uri }: PlannedInput, ports: FeaturesPorts): Promise<Verdict> {
  const { store, settings } = ports;
  const plan = await readPlan(store, uri);
  const all = await landedParts(plan, settings.features, store);
  const rows = all.reduce((sum, { counts }) => sum + counts.rows, 0);
  const most = settings.oneFunction.judgedRows;
  return inOneFunction(`the landed interactions of ${plan.run_id}`, { rows, most }, () =>
    judge(plan, all, ports),
  );
}

async function judge(plan: FeaturePlan, all: readonly LandedPart[], ports: FeaturesPorts): Promise<Verdict> {
  const { store, settings } = ports;
  const parts = all.filter(({ day }) => day >= plan.clean_from);
  await using work = await workDirectory();
  await using session = await ports.openSession(path.join(work.path, "spill"));
  await viewRows(all, plan.clean_from, { folder: work.path, session, store });
  const tables = { to: plan.to, folder: work.path, session, ports };
  const catalogues = {
    products: await readCatalogue("products", plan.catalogue.products, tables),
    users: await readCatalogue("users", plan.catalogue.users, tables),
  };
  for (const table of catalogueTables)
    await noteDigests(catalogues[table].objects, await knownDigests(table, ports), ports);
  const changed = new Set(plan.days.filter((day) => day.changed).map(({ day }) => day));
  const { validation: limits, lookBackDays } = settings;
  const checks = [
    ...lineChecks(parts, limits),
    ...lineChecksOfDays(parts, changed, limits),
    ...(await rowChecks(session, { limits, lookBackDays, from: plan.clean_from, changed })),
  ];
  const later = await laterCatalogue(plan.catalogue.products, plan.clean_from, session);
  const report = reportOf(plan, parts, { checks, catalogues, later }, ports);
  const place = s3Uri(settings.features, validationReportKey(plan.run_id, plan.attempt));
  await store.putJson(place, report);
  const { state, passed, lines, rows, rejected, later_catalogue } = report;
  const broken = checks
    .filter((each) => !each.passed)
    .map(({ check, share, limit }) => ({ check, share, limit }));
  const verdict = { report: place, state, passed, broken, lines, rows, rejected, later_catalogue };
  if (state !== "passed" || plan.validate_only) return { ...verdict, clean: null };
  await makeVersions(plan.catalogue.products, session);
  return { ...verdict, clean: await writeCleanPlan(plan, all, work.path, session, ports) };
}

type Catalogues = Readonly<Record<CatalogueTable, ReadCatalogue>>;

interface Tables {
  readonly folder: string;
  readonly session: DuckSession;
  readonly store: FeaturesPorts["store"];
}

/** The views `landed`, of the days that are judged, and `earlier`, of the look-back. */
async function viewRows(parts: readonly LandedPart[], from: string, tables: Tables): Promise<void> {
  const { folder, session, store } = tables;
  const there = parts.filter(({ counts }) => counts.rows > 0);
  const files = await inParallel(there, async ({ rows }, index) => {
    const file = path.join(folder, `landed-${index}.parquet`);
    await store.download(rows, file);
    return file;
  });
  const types: Readonly<Record<string, string>> = {
    occurred_at: "TIMESTAMP",
    rating: "DOUBLE",
    minute: "BIGINT",
  };
  const columns = [...Object.keys(LANDED_COLUMNS), "day", "minute"].map(
    (column) => `CAST(NULL AS ${types[column] ?? "VARCHAR"}) AS ${column}`,
  );
  for (const [name, isLater] of [
    ["landed", true],
    ["earlier", false],
  ] as const) {
    const of = files.filter((_, index) => (there[index]?.day ?? "") >= from === isLater).map(text);
    const some = of.length > 0 ? of : files.map(text);
    const rows =
      some.length > 0
        ? `SELECT * FROM read_parquet([${some.join(", ")}], hive_partitioning = false)`
        : `SELECT ${columns.join(", ")}`;
    await session.run(`CREATE VIEW ${name} AS ${rows}${of.length > 0 ? "" : " WHERE FALSE"}`);
  }
}

function reportOf(
  plan: FeaturePlan,
  parts: readonly LandedPart[],
  {
    checks,
    catalogues,
    later,
  }: {
    readonly checks: readonly ValidationCheck[];
    readonly catalogues: Catalogues;
    readonly later: LaterCatalogue;
  },
  { settings }: FeaturesPorts,
): ValidationReport {
  const sum = (of: "lines" | "rows" | "rejected", some = parts) =>
    some.reduce((total, { counts }) => total + counts[of], 0);
  const days = plan.days
    .filter(({ day }) => day >= plan.clean_from)
    .map(({ day, parts: planned }) => {
      const own = parts.filter((part) => part.day === day);
      const lines = sum("lines", own);
      const state = planned.length === 0 ? "missing" : lines === 0 ? "empty" : "present";
      const objects = planned.flatMap((part) => part.objects).length;
      return { day, state, objects, lines, rows: sum("rows", own), rejected: sum("rejected", own) } as const;
    });
  const reasons: Record<string, number> = {};
  for (const { counts } of parts)
    for (const [reason, lines] of Object.entries(counts.reasons))
      reasons[reason] = (reasons[reason] ?? 0) + lines;
  const passed = checks.every((each) => each.passed);
  // Days that had rows and have no line any more lose them: there is something to go on with.
  const loses = plan.days.some(
    ({ day, clean_rows, kept }) => day >= plan.clean_from && clean_rows > 0 && !kept,
  );
  const state = !passed ? "broken" : sum("lines") === 0 && !loses ? "empty" : "passed";
  return v.parse(ValidationReport, {
    run_id: plan.run_id,
    attempt: plan.attempt,
    mode: plan.mode,
    from: plan.clean_from,
    to: plan.clean_to,
    state,
    passed,
    lines: sum("lines"),
    rows: sum("rows"),
    rejected: sum("rejected"),
    checks,
    reasons: Object.fromEntries(Object.entries(reasons).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    days,
    later_catalogue: later,
    notes: [
      ...daysInWords(days, plan),
      ...faultsInWords(parts),
      ...outsideInWords(plan),
      ...catalogueInWords(plan.catalogue, catalogues),
      ...laterInWords(later),
    ],
    ignored: plan.ignored,
    quarantine: [
      ...parts
        .filter(({ counts }) => counts.rejected > 0 || Object.keys(counts.faults).length > 0)
        .map(({ day, digest, part }) => s3Uri(settings.features, quarantineKey(day, digest, part))),
      ...catalogueTables.flatMap((table) => catalogues[table].quarantine),
    ],
  });
}

function daysInWords(days: ValidationReport["days"], plan: FeaturePlan): string[] {
  const rows = new Map(plan.days.map(({ day, clean_rows }) => [day, clean_rows]));
  const kept = plan.days.filter((day) => day.kept).map(({ day }) => day);
  const of = (state: string) =>
    days.filter((day) => day.state === state && !kept.includes(day.day)).map(({ day }) => day);
  const lost = [...of("missing"), ...of("empty")].filter((day) => (rows.get(day) ?? 0) > 0).toSorted();
  const said = (list: readonly string[], what: string) =>
    list.length === 0 ? [] : [`${list.join(", ")}: ${what}`];
  return [
    ...said(of("missing"), "no raw object; the run goes on without"),
    ...said(of("empty"), "raw objects without a line; the run goes on without"),
    ...said(kept, "retention takes the raw objects; the clean rows stay as they are"),
    ...lost.map((day) => `${day}: its ${rows.get(day)} clean rows go, since it has no line any more`),
    ...(days.every(({ lines }) => lines === 0) && lost.length === 0
      ? ["no day has a line: the run ends here"]
      : []),
  ];
}

/** What is said of objects that cannot be read to their end. */
const FAULTS_IN_WORDS = {
  [OBJECT_FAULTS.cutOff]:
    "are cut off; their lines up to there are landed, and what came after is in no count",
  [OBJECT_FAULTS.unreadable]: "cannot be unpacked; they are in quarantine whole, and their lines in no count",
};

function faultsInWords(parts: readonly LandedPart[]): string[] {
  return [...Map.groupBy(parts, ({ day }) => day)].flatMap(([day, own]) =>
    Object.entries(FAULTS_IN_WORDS).flatMap(([fault, words]) => {
      const objects = own.reduce((sum, { counts }) => sum + (counts.faults[fault] ?? 0), 0);
      return objects === 0 ? [] : [`${day}: ${objects} raw objects ${words}`];
    }),
  );
}

function outsideInWords({ outside }: FeaturePlan): string[] {
  return outside.map(
    ({ day, objects }) => `${day}: ${objects} raw objects outside the run's days are in no count`,
  );
}

function catalogueInWords(planned: FeaturePlan["catalogue"], read: Catalogues): string[] {
  return catalogueTables.flatMap((table) => [
    ...(planned[table].length === 0 ? [`no snapshot of ${table}: none is known`] : []),
    ...(read[table].broken > 0
      ? [`${read[table].broken} rows of the snapshots of ${table} break their contract and are in quarantine`]
      : []),
  ]);
}

/** Writes what cleaning reads beside the landed rows, and its plan. */
async function writeCleanPlan(
  plan: FeaturePlan,
  parts: readonly LandedPart[],
  folder: string,
  session: DuckSession,
  { store, settings }: FeaturesPorts,
): Promise<{ plan: S3Uri; result: S3Uri }> {
  const place = (name: string): S3Uri => s3Uri(settings.features, `plans/${plan.attempt}/${name}`);
  const there = parts.filter(({ counts }) => counts.rows > 0);
  const landed = there.filter(({ day }) => day >= plan.clean_from).map(({ rows }) => rows);
  const tables = {
    repeated: "SELECT interaction_id FROM repeated ORDER BY interaction_id",
    product_versions: "SELECT * FROM product_versions ORDER BY product_id, valid_from",
    products: `SELECT ${cleanTables.products.columns.map(({ name }) => name).join(", ")} FROM products ORDER BY product_id`,
    users: `SELECT ${cleanTables.users.columns.map(({ name }) => name).join(", ")} FROM users ORDER BY user_id`,
    // Days that lose all of their rows are cleaned too: of nothing, but a plan reads something.
    ...(landed.length === 0 && { nothing: "SELECT * FROM landed" }),
  };
  for (const [name, sql] of Object.entries(tables)) {
    const file = path.join(folder, `${name}.parquet`);
    await session.run(`COPY (${sql}) TO ${text(file)} (FORMAT parquet, COMPRESSION snappy)`);
    await store.upload(file, place(`${name}.parquet`), { contentType: "application/vnd.apache.parquet" });
  }
  const result = place("clean-result.json");
  const inputs = {
    landed: landed.length > 0 ? landed : [place("nothing.parquet")],
    earlier: there.filter(({ day }) => day < plan.clean_from).map(({ rows }) => rows),
    repeated: place("repeated.parquet"),
    versions: place("product_versions.parquet"),
    products: place("products.parquet"),
    users: place("users.parquet"),
  };
  const { bots, lookBackDays, features: bucket } = settings;
  const uri = place("clean.json");
  await store.putJson(uri, forSpark(cleanPlan(inputs, { plan, bots, lookBackDays, bucket, result })));
  return { plan: uri, result };
}
