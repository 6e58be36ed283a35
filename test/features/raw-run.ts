import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import {
  type Contract,
  type CurrentFeatures,
  catalogueProducts,
  catalogueUsers,
  FeaturePlan,
  type LandedCounts,
  sqlType,
  ValidationReport,
} from "@penstock/contracts";
import {
  type FeaturesSettings,
  judgeValidation,
  type LandedSlice,
  landInteractions,
  type PlanFeaturesInput,
  type PlannedFeatures,
  type PlanPorts,
  planFeatures,
  type Verdict,
} from "@penstock/features";
import {
  type DuckSession,
  directoryObjectStore,
  type ObjectStore,
  openSession,
  parsePlan,
  type Row,
  runPlan,
  type S3Uri,
  s3Uri,
  text,
} from "@penstock/runtime";
import * as v from "valibot";
import { CleanResult } from "../../packages/features/src/clean-result.ts";
import { landedParts } from "../../packages/features/src/landed-parts.ts";
import { type JsonRow, writeParquet } from "../lake/lake-fixture.ts";

export const rawSettings: FeaturesSettings = {
  interactions: "interactions",
  features: "features",
  curated: "curated",
  lookBackDays: 3,
  maxDays: 100,
  landMaxBytes: 100_000,
  clockSkewMinutes: 5,
  arrivals: { maxDrop: 0.2, silentHours: 6 },
  validation: {
    schema: 0.05,
    types: 0.05,
    nulls: 0.05,
    users: 0.1,
    products: 0.1,
    order: 0.1,
    duplicates: 0.2,
  },
  bots: { perMinute: 6, perDay: 20, perSessionProduct: 4 },
  maxRemoved: 0.3,
  oneFunction: { judgedRows: 1_000_000, profiledRows: 1_000_000 },
  database: "features",
  buildsTable: "builds",
  locksTable: "locks",
  online: { tables: { user: "u", item: "i" }, days: 30, sliceRows: 100, leaseSeconds: 900, sample: 50 },
  drift: { psi: 0.25, ks: 0.2, categories: 3 },
  rawDays: 730,
  featureDays: 365,
  memoryMb: 300,
};

/** A daily run of this day is started on the next one, when all of the day has arrived. */
export const DAY = "2026-11-20";
export const STARTED = "2026-11-21T02:00:00.000Z";

/** An interaction as it is sent; `more` replaces what a test is about. */
export function event(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    interaction_id: id,
    user_id: "u1",
    product_id: "p1",
    interaction_type: "view",
    timestamp: `${DAY}T10:00:00Z`,
    session_id: `s-${id}`,
    rating: null,
    device_type: "mobile",
    page_context: "search",
    ...more,
  };
}

/** A run over folders, with real JSON lines, Parquet and DuckDB. */
export interface RawRun extends AsyncDisposable {
  readonly folder: string;
  readonly store: ObjectStore;
  readonly session: DuckSession;
  readonly ports: PlanPorts & Parameters<typeof landInteractions>[1];
  /** What is current for the plans that follow. */
  current: CurrentFeatures | undefined;
  /** Puts a raw object of a day; an object becomes a line of JSON. `.gz` in the name packs it. Returns its key. */
  put(
    day: string,
    lines: readonly (Readonly<Record<string, unknown>> | string)[] | Uint8Array,
    more?: { readonly name?: string; readonly arrived?: Date },
  ): Promise<string>;
  /** Puts a snapshot of a catalogue. */
  catalogue(
    table: "products" | "users",
    date: string,
    rows: readonly JsonRow[],
    name?: string,
  ): Promise<void>;
  /** Plans a run that looks at its inputs when it starts, unless it is told when. */
  plan(
    input?: Partial<PlanFeaturesInput>,
    looked_at?: string,
  ): Promise<PlannedFeatures & { readonly written: FeaturePlan }>;
  /** Lands every slice of a plan. */
  land(planned: PlannedFeatures): Promise<LandedSlice[]>;
  judge(planned: PlannedFeatures): Promise<Verdict & { readonly written: ValidationReport }>;
  /** Runs the plan of cleaning on DuckDB. */
  clean(verdict: Verdict): Promise<CleanResult>;
  /** Plan, landing, validation and cleaning of a run. */
  run(input?: Partial<PlanFeaturesInput>): Promise<{
    readonly plan: FeaturePlan;
    readonly verdict: Verdict & { readonly written: ValidationReport };
    readonly clean: CleanResult;
  }>;
  /** Rows of Parquet objects below a prefix, in order of their keys and of the rows in them. */
  rows(prefix: S3Uri): Promise<Row[]>;
  /** What landing counted of the first part of the plan's last day. */
  counts(planned: { readonly written: FeaturePlan }): Promise<LandedCounts | undefined>;
  /** Lines of JSON of every object below a prefix. */
  quarantined(): Promise<Record<string, unknown>[]>;
  /** Every object below a prefix with its entity tag, which is the MD5 of its bytes. */
  objects(prefix: S3Uri): Promise<Record<string, string>>;
}

const CONTRACTS: Readonly<Record<"products" | "users", Contract>> = {
  products: catalogueProducts,
  users: catalogueUsers,
};

/** Makes empty buckets; `options` replace what a test is about. */
export async function rawRun(
  options: { readonly settings?: Partial<FeaturesSettings>; readonly threads?: number } = {},
): Promise<RawRun> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-raw-"));
  const store = directoryObjectStore(path.join(folder, "store"));
  const session = await openSession({ memoryMb: 200, threads: 1, tempDirectory: path.join(folder, "spill") });
  const settings = { ...rawSettings, ...options.settings };
  const fileOf = (uri: S3Uri) => path.join(folder, "store", uri.slice("s3://".length));
  let files = 0;
  let looked = STARTED;
  const scratch = () => path.join(folder, `scratch-${files++}`);
  const below = async (prefix: S3Uri) => {
    const found: { uri: S3Uri; etag: string }[] = [];
    for await (const { uri, etag } of store.list(prefix)) found.push({ uri, etag });
    return found.toSorted((a, b) => (a.uri < b.uri ? -1 : 1));
  };
  const run: RawRun = {
    folder,
    store,
    session,
    current: undefined,
    ports: {
      store,
      settings,
      current: async () => run.current,
      now: () => new Date(looked),
      openSession: (tempDirectory, keepsOrder = false) =>
        openSession({
          memoryMb: settings.memoryMb,
          threads: options.threads ?? 2,
          tempDirectory,
          keepsOrder,
        }),
    },
    async put(day, lines, { name = "a.jsonl", arrived = new Date(STARTED) } = {}) {
      const key = `interactions/year=${day.slice(0, 4)}/month=${day.slice(5, 7)}/day=${day.slice(8)}/${name}`;
      const file = fileOf(s3Uri(settings.interactions, key));
      const bytes = Array.isArray(lines)
        ? Buffer.from(
            lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""),
          )
        : Buffer.from(v.parse(v.instance(Uint8Array), lines));
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, name.endsWith(".gz") && Array.isArray(lines) ? gzipSync(bytes) : bytes);
      await utimes(file, arrived, arrived);
      return key;
    },
    async catalogue(table, date, rows, name = "shop.parquet") {
      const columns = Object.fromEntries(
        CONTRACTS[table].columns.map((column) => [column.name, sqlType(column)]),
      );
      const whole = rows.map((row) => ({
        ...Object.fromEntries(Object.keys(columns).map((column) => [column, null])),
        ...row,
      }));
      const file = await writeParquet(session, scratch(), columns, whole);
      await store.upload(file, s3Uri(settings.interactions, `${table}/date=${date}/${name}`));
    },
    async plan(input = {}, looked_at = input.started_at ?? STARTED) {
      looked = looked_at;
      const planned = await planFeatures(
        {
          execution_id: "arn:aws:states:eu-central-1:000000000000:execution:feature-pipeline:one",
          started_at: STARTED,
          mode: "daily",
          scheduled_at: null,
          start_date: null,
          end_date: null,
          output_path: null,
          validate_only: null,
          ...input,
        },
        run.ports,
      );
      return { ...planned, written: v.parse(FeaturePlan, await store.getJson(planned.plan)) };
    },
    async land({ plan, slices }) {
      const landed: LandedSlice[] = [];
      for (const slice of slices) landed.push(await landInteractions({ plan, slice }, run.ports));
      return landed;
    },
    async judge({ plan }) {
      const verdict = await judgeValidation({ plan }, run.ports);
      return { ...verdict, written: v.parse(ValidationReport, await store.getJson(verdict.report)) };
    },
    async clean(verdict) {
      if (verdict.clean === null) throw new Error("the run did not go on to cleaning");
      const plan = parsePlan(await store.getJson(verdict.clean.plan));
      const work = scratch();
      await using own = await openSession({
        memoryMb: settings.memoryMb,
        threads: options.threads ?? 2,
        tempDirectory: `${work}-spill`,
      });
      await runPlan(plan, { session: own, store, workDirectory: work });
      return v.parse(CleanResult, await store.getJson(verdict.clean.result));
    },
    async run(input) {
      const planned = await run.plan(input);
      await run.land(planned);
      const verdict = await run.judge(planned);
      return { plan: planned.written, verdict, clean: await run.clean(verdict) };
    },
    async rows(prefix) {
      const found: Row[] = [];
      for (const { uri } of await below(prefix)) {
        if (!uri.endsWith(".parquet")) continue;
        found.push(
          ...(await session.rows(
            `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${text(fileOf(uri))}, hive_partitioning = false, file_row_number = true) ORDER BY file_row_number`,
          )),
        );
      }
      return found;
    },
    async counts({ written: { days } }) {
      return (await landedParts({ days: days.slice(-1) }, settings.features, store))[0]?.counts;
    },
    async quarantined() {
      const lines: Record<string, unknown>[] = [];
      for (const { uri } of await below(s3Uri(settings.features, "quarantine/")))
        for (const line of (await readFile(fileOf(uri), "utf8")).trim().split("\n"))
          lines.push(v.parse(v.record(v.string(), v.unknown()), JSON.parse(line)));
      return lines;
    },
    async objects(prefix) {
      return Object.fromEntries(
        (await below(prefix)).map(({ uri, etag }) => [uri.slice(prefix.length), etag]),
      );
    },
    async [Symbol.asyncDispose]() {
      await session.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return run;
}
