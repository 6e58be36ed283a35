import { mkdir } from "node:fs/promises";
import path from "node:path";
import {
  type DuckSession,
  ObjectMissing,
  OutOfMemory,
  QueryFailed,
  type Row,
  runPlan,
  type S3Uri,
  s3Uri,
  TooLarge,
  text,
  UnsupportedFile,
  workDirectory,
} from "@penstock/runtime";
import * as v from "valibot";
import { attemptStore } from "./attempt-store.ts";
import { type RefineMetrics, refineMetrics } from "./metrics.ts";
import { attemptPrefix } from "./object-keys.ts";
import { parentObjects } from "./parents.ts";
import { parquetRows } from "./parquet-rows.ts";
import { type PlacedUris, place } from "./place.ts";
import type { LakePorts } from "./ports.ts";
import { type RefineAttempt, refineAttempt, refinePlan } from "./refine-plan.ts";
import { refineCounts } from "./refine-reports.ts";
import { type RefineShape, refineShape } from "./refine-steps.ts";
import { type RefineTarget, refineTarget } from "./refine-target.ts";

/** One inspected object: what Inspect answered for the routes "lambda" and "glue". */
export const RefineInput = v.strictObject({
  run_id: v.pipe(v.string(), v.minLength(1)),
  bucket: v.pipe(v.string(), v.minLength(1)),
  key: v.pipe(v.string(), v.minLength(1)),
  table: v.string(),
  source: v.string(),
  etag: v.string(),
  arrived_at: v.pipe(v.string(), v.isoTimestamp()),
});
export type RefineInput = v.InferOutput<typeof RefineInput>;

/** What a refine did, in numbers and places; small, for the state machine. */
export type RefineSummary = Pick<
  RefineMetrics,
  | "table"
  | "rows_in"
  | "curated"
  | "duplicates"
  | "pending"
  | "quarantined"
  | "by_rule"
  | "masked"
  | "rejected_fraction"
> & { readonly uris: PlacedUris };

/**
 * Refines one object on this machine with DuckDB: raw rows in; curated, pending and quarantined rows, metrics and
 * an audit object out. The same object over the same parents gives the same bytes.
 *
 * Throws `ObjectMissing`, `ObjectChanged`, `ObjectBusy`, `UnsupportedFile` (the file was not inspected, or its pages
 * are damaged), `TooLarge` (more than this machine's memory and disk can do: Glue can), `BalanceBroken`.
 */
export async function refine(input: RefineInput, ports: LakePorts): Promise<RefineSummary> {
  const started = ports.now();
  const { store, settings } = ports;
  const target = await refineTarget(input, store);
  const parents = await parentObjects(target.contract, ports, settings.parentKeysMaxBytes);
  const shape = shapeOf(target, parents === undefined ? [] : Object.keys(parents));
  const attempt = refineAttempt(s3Uri(settings.artifacts, attemptPrefix(input.run_id)));
  const plan = refinePlan(shape, { raw: target.raw.uri, parents: parents ?? {}, attempt });

  await using work = await workDirectory();
  const folders = { outputs: path.join(work.path, "outputs"), plan: path.join(work.path, "plan") };
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true })));
  const { store: held, written, rawFile } = attemptStore(store, { folder: folders.outputs, raw: target.raw });
  const openSession = () => ports.openSession(path.join(work.path, "spill"));
  const reports = await run(openSession, rawFile, async () => {
    await using session = await openSession();
    return await runPlan(plan, { session, store: held, workDirectory: folders.plan });
  });
  return await finish(
    {
      target,
      shape,
      attempt,
      reports,
      written,
      started,
      engine: "duckdb",
      parentsLookedUp: parents !== undefined,
    },
    ports,
  );
}

/** What an engine, whichever, made of an object, with its outputs on local disk. */
export interface FinishedAttempt {
  readonly target: RefineTarget;
  readonly shape: RefineShape;
  readonly attempt: RefineAttempt;
  readonly reports: Readonly<Record<string, readonly Row[]>>;
  readonly written: ReadonlyMap<S3Uri, string>;
  readonly started: Date;
  readonly engine: "duckdb" | "spark";
  readonly parentsLookedUp: boolean;
}

/** Checks the balance of an attempt against the rows of the files it wrote, and makes it final. */
export async function finish(done: FinishedAttempt, ports: LakePorts): Promise<RefineSummary> {
  const { target, shape, attempt, written } = done;
  const [curated, pending, quarantine] = await Promise.all(
    [attempt.curated, attempt.pending, attempt.quarantine].map((uri) => writtenRows(written.get(uri))),
  );
  const counts = refineCounts(shape, done.reports);
  const metrics = refineMetrics(
    { object: target.raw, contract: target.contract, source: target.source },
    counts,
    {
      curated: curated?.rows ?? 0,
      pending: pending?.rows ?? 0,
      quarantined: quarantine?.rows ?? 0,
    },
  );
  const uris = await place(
    {
      run_id: target.run_id,
      object: target.object,
      raw: target.raw,
      metrics,
      files: {
        curated: requireFile(curated?.file, attempt.curated),
        pending: nonEmpty(pending),
        quarantine: nonEmpty(quarantine),
      },
      parentsLookedUp: done.parentsLookedUp,
      audit: (placed) => ({
        run_id: target.run_id,
        workflow: "raw-to-curated",
        engine: done.engine,
        started_at: done.started.toISOString(),
        finished_at: ports.now().toISOString(),
        outputs: placed,
        parents_looked_up: done.parentsLookedUp,
        ...metrics,
      }),
    },
    ports,
  );
  const { table, rows_in, duplicates, quarantined, by_rule, masked, rejected_fraction } = metrics;
  return {
    table,
    rows_in,
    curated: metrics.curated,
    duplicates,
    pending: metrics.pending,
    quarantined,
    by_rule,
    masked,
    rejected_fraction,
    uris,
  };
}

/** A refine's SQL for its target, given the tables that can be looked up in. */
export function shapeOf(target: RefineTarget, parents: readonly string[]): RefineShape {
  const { contract, source, physical, arrivedAt } = target;
  return refineShape(contract, source, physical, { parents, arrivedAt });
}

interface WrittenFile {
  readonly file: string;
  readonly rows: number;
}

async function writtenRows(file: string | undefined): Promise<WrittenFile | undefined> {
  return file === undefined ? undefined : { file, rows: await parquetRows(file) };
}

function nonEmpty(written: WrittenFile | undefined): string | null {
  return written === undefined || written.rows === 0 ? null : written.file;
}

function requireFile(file: string | undefined, uri: S3Uri): string {
  if (file === undefined) throw new ObjectMissing(`${uri} is not there: the plan was not run to its end`);
  return file;
}

/** Runs a plan; what fails in it comes out under the name that says what to do about it. */
async function run<T>(
  openSession: () => Promise<DuckSession>,
  rawFile: () => string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // What this machine is too small for has another way.
    if (error instanceof OutOfMemory) throw new TooLarge(error.message, { cause: error });
    const file = rawFile();
    if (error instanceof QueryFailed && file !== undefined && !(await readsWhole(openSession, file))) {
      throw new UnsupportedFile("the file's footer is sound, but its pages cannot be read; export it again", {
        cause: error,
      });
    }
    throw error;
  }
}

/** Whether every page of a file can be read: asked only after a query has failed. */
async function readsWhole(openSession: () => Promise<DuckSession>, file: string): Promise<boolean> {
  await using session = await openSession();
  try {
    await session.run(`SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet(${text(file)})`);
    return true;
  } catch {
    return false;
  }
}
