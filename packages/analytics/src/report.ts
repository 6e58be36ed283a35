import {
  type AnalystTable,
  type BuildTable,
  type MartName,
  type ReportContract,
  ReportHead,
  reportKey,
  type SystemName,
  systems,
} from "@penstock/contracts";
import {
  buildCheck,
  ContractViolation,
  type DuckSession,
  removeSuperseded,
  s3Uri,
  workDirectory,
} from "@penstock/runtime";
import * as v from "valibot";
import { collectSooner } from "./collect-sooner.ts";
import { type Marts, openMarts } from "./marts.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type ReportRow, writeTable } from "./report-table.ts";
import type { ReportSummary, SystemInput, SystemSummary } from "./system-input.ts";

/** What a model says of itself besides its rows. */
type Answer =
  | {
      readonly status: "ok";
      readonly model: string;
      readonly version: number;
      readonly trained_on: {
        readonly observations: number;
        readonly from: string | null;
        readonly to: string | null;
      };
      readonly metrics: Readonly<Record<string, number>>;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | {
      readonly status: "not enough data";
      readonly model: string;
      readonly version: number;
      readonly reason: string;
    };

/** A report as a system computes it. Without enough data it may still have rows: series that say why. */
export interface Report {
  readonly answer: Answer;
  readonly rows: Iterable<ReportRow>;
}

/** The reports of a system with their names, one after the other, so that one is written before the next is computed. */
export type Reports = AsyncIterable<readonly [name: string, report: Report]>;

/** Rows that are made when they are written: of as many as there are orders, a second copy would be most of the memory. */
export function rowsOf<Fact>(facts: readonly Fact[], rowOf: (fact: Fact) => ReportRow): Iterable<ReportRow> {
  return {
    *[Symbol.iterator]() {
      for (const fact of facts) yield rowOf(fact);
    },
  };
}

/**
 * The frame of every system's task: opens the marts that it needs, has the reports computed, writes each (rows, then
 * head) beside the builds that are there already, and says what a check query must find. Run again, it writes the same.
 *
 * @throws ContractViolation when a number of an answer is none, ObjectMissing when the marts are gone
 */
export async function reportSystem(
  system: SystemName,
  input: SystemInput,
  needs: readonly MartName[],
  ports: AnalyticsPorts,
  compute: (marts: Marts) => Reports,
): Promise<SystemSummary> {
  collectSooner();
  await removeSupersededReports(system, input, ports);
  await using work = await workDirectory();
  await using session = await ports.openSession(`${work.path}/spill`);
  const marts = await openMarts({ manifest: input.manifest, needs }, ports, session, `${work.path}/marts`);
  const { reports } = systems[system];
  const contract: Readonly<Record<string, ReportContract>> = reports;
  const summaries: Record<string, ReportSummary> = {};
  for await (const [name, report] of compute(marts)) {
    const table = contract[name]?.table;
    if (table === undefined) throw new Error(`${system} has no report "${name}" in its contract`);
    const about = { system, report: name, build: input.build, built_at: input.built_at };
    summaries[name] = await writeReport(about, table, report, ports, session, work.path);
  }
  const missing = Object.keys(contract).filter((name) => summaries[name] === undefined);
  if (missing.length > 0) throw new Error(`${system} does not compute ${missing.join(", ")}`);
  const rows = Object.fromEntries(
    Object.entries(systems[system].reports).map(([name, { table }]) => [
      table.name,
      summaries[name]?.rows ?? 0,
    ]),
  );
  return {
    system,
    build: input.build,
    reports: summaries,
    check: buildCheck(input.build, rows),
  };
}

/** Whole is a build with every head. */
async function removeSupersededReports(
  system: SystemName,
  { build, current }: SystemInput,
  { store, catalogueOf, settings }: AnalyticsPorts,
): Promise<void> {
  const reports = Object.entries(systems[system].reports);
  await removeSuperseded(
    {
      bucket: settings.prod[system],
      tables: reports.map(([, { table }]) => table.name),
      headsPrefix: "_reports/",
      headsOf: (name) => reports.map(([report]) => reportKey(name, report)),
    },
    { build, read: [current], keepBuilds: settings.keepBuilds },
    { store, catalogue: catalogueOf(system) },
  );
}

async function writeReport(
  about: {
    readonly system: SystemName;
    readonly report: string;
    readonly build: string;
    readonly built_at: string;
  },
  table: AnalystTable,
  { answer, rows }: Report,
  { store, settings }: AnalyticsPorts,
  session: DuckSession,
  folder: string,
): Promise<ReportSummary> {
  const { system, report, build } = about;
  const bucket = settings.prod[system];
  if (answer.status === "ok") mustBeFinite(answer.details, `${system}/${report}`);
  // An answer that does not pass is found before anything of it is written.
  const head = (written: v.InferOutput<typeof BuildTable>) => {
    const parsed = v.safeParse(ReportHead, { ...about, ...answer, table: written });
    if (parsed.success) return parsed.output;
    const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the whole of it").join(", ");
    throw new ContractViolation(
      `${system}/${report} does not have a report's form at: ${fields}; nothing was written`,
    );
  };
  head({ rows: 0, bytes: 0, objects: [] });
  const written = await writeTable(table, rows, { bucket, build }, { session, store, folder });
  await store.putJson(s3Uri(bucket, reportKey(build, report)), head(written));
  return { status: answer.status, rows: written.rows };
}

/** JSON would turn what is no number into null without a word. */
function mustBeFinite(value: unknown, about: string): void {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new ContractViolation(`${about} holds a number that is not finite; nothing was written`);
  if (typeof value !== "object" || value === null) return;
  for (const one of Object.values(value)) mustBeFinite(one, about);
}
