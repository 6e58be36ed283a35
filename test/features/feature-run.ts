import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CreateTableCommand, GetPartitionsCommand } from "@aws-sdk/client-glue";
import {
  type CleanSnapshot,
  cleanGlueTable,
  cleanPrefix,
  cleanTables,
  type FeatureGroup,
  type FeaturePlan,
  featureGlueTable,
  featurePlanKey,
  featuresPrefix,
  featureTables,
  snapshotKey,
  trainingPrefix,
  validationReportKey,
} from "@penstock/contracts";
import type { AcceptPorts, FeaturesSettings, ParityPorts, PublishPorts } from "@penstock/features";
import {
  type DuckSession,
  dynamoLeases,
  type ObjectStore,
  openSession,
  type S3Uri,
  s3ObjectStore,
  s3Uri,
  text,
} from "@penstock/runtime";
import { dynamoFeaturePointers } from "../../packages/features/src/tasks/dynamo-feature-pointers.ts";
import { dynamoOnlineMark } from "../../packages/features/src/tasks/dynamo-online-mark.ts";
import { dynamoOnlineStore } from "../../packages/features/src/tasks/dynamo-online-store.ts";
import { glueFeatureCatalogue } from "../../packages/features/src/tasks/glue-feature-catalogue.ts";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { type JsonRow, writeParquet } from "../lake/lake-fixture.ts";
import { clientsOf } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";

export const settings: FeaturesSettings = {
  interactions: "interactions",
  features: "features",
  curated: "curated",
  lookBackDays: 3,
  maxDays: 100,
  landMaxBytes: 1_000_000,
  clockSkewMinutes: 5,
  arrivals: { maxDrop: 0.2, silentHours: 6 },
  validation: { schema: 0.1, types: 0.1, nulls: 0.1, users: 0.1, products: 0.1, order: 0.1, duplicates: 0.1 },
  bots: { perMinute: 60, perDay: 1000, perSessionProduct: 100 },
  maxRemoved: 0.3,
  oneFunction: { judgedRows: 1_000_000, profiledRows: 1_000_000 },
  database: "features",
  buildsTable: "builds",
  locksTable: "locks",
  online: {
    tables: { user: "user_features", item: "item_features" },
    days: 30,
    sliceRows: 100,
    leaseSeconds: 900,
    sample: 50,
  },
  drift: { psi: 0.25, ks: 0.2, categories: 3 },
  rawDays: 730,
  featureDays: 365,
  memoryMb: 300,
};

/** What validation says of a run without a line. */
function reportOf({
  run_id,
  attempt,
  mode,
  from,
  to,
}: Readonly<Record<"run_id" | "attempt" | "mode" | "from" | "to", string>>) {
  const none = { lines: 0, rows: 0, rejected: 0, checks: [], reasons: {}, days: [] };
  const told = { notes: [], ignored: [], quarantine: [] };
  const later_catalogue = { from: "2026-11-20", days: 3, rows: 7 };
  return { run_id, attempt, mode, from, to, state: "empty", passed: true, ...none, ...told, later_catalogue };
}

/** A day's run, and the moment that ends it. */
export const attemptOf = (day: string, mode = "daily", digits = "0123abcd") => `${mode}-${day}-${digits}`;

export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

/** The real stores of the local cloud, and what tasks put there before the ones that are tested. */
export interface FeatureRun extends AsyncDisposable {
  readonly clients: ReturnType<typeof clientsOf>;
  readonly store: ObjectStore;
  readonly session: DuckSession;
  readonly ports: AcceptPorts & ParityPorts & PublishPorts;
  /** Plan and snapshot of a run over some days of clean rows; its URI. */
  plan(attempt: string, more?: Partial<FeaturePlan>, snapshot?: Partial<CleanSnapshot>): Promise<S3Uri>;
  /** One object of an attempt's features, in the folder of a try: of the first one when nothing is said. */
  features(group: FeatureGroup, attempt: string, rows: readonly JsonRow[], tried?: string): Promise<S3Uri>;
  /** One object of an attempt's split, in the folder of its second try. */
  split(split: string, attempt: string, rows: readonly JsonRow[]): Promise<void>;
  /** Clean interactions of a day, or a catalogue's rows. */
  clean(
    table: keyof typeof cleanTables,
    attempt: string,
    rows: readonly JsonRow[],
    day?: string,
  ): Promise<void>;
  /** Rows of an object. */
  count(uri: S3Uri): Promise<number>;
  /** The values of a table's partitions, sorted, with their locations. */
  partitions(table: string): Promise<Record<string, string>>;
}

const duckType = (type: string): string => (type === "string" ? "VARCHAR" : type.toUpperCase());

export async function featureRun(): Promise<FeatureRun> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-features-"));
  const keyed = (name: string, hashKey: string) =>
    graph.table(name, { hashKey, attributes: [{ name: hashKey, type: "S" }] });
  const cloud = await bootCloud(
    graph.graphOf([
      graph.resource("aws:glue/catalogDatabase:CatalogDatabase", "features", { name: "features" }),
      graph.bucket("features"),
      graph.bucket("interactions"),
      graph.table("user_features"),
      graph.table("item_features"),
      keyed("builds", "system"),
      keyed("locks", "name"),
    ]),
    { root: graph.root },
  );
  const clients = clientsOf(cloud.endpoint);
  const store = s3ObjectStore(clients.s3);
  const session = await openSession({ memoryMb: 200, threads: 1, tempDirectory: path.join(folder, "spill") });
  for (const table of [
    ...Object.values(cleanTables).map(cleanGlueTable),
    ...Object.values(featureTables).map(featureGlueTable),
  ]) {
    const column = ({ name, type }: { name: string; type: string }) => ({ Name: name, Type: type });
    await clients.glue.send(
      new CreateTableCommand({
        DatabaseName: "features",
        TableInput: {
          Name: table.name,
          PartitionKeys: table.partitionKeys.map(column),
          Parameters: { ...table.parameters },
          StorageDescriptor: {
            Location: `s3://features/tables/${table.name}/`,
            Columns: table.columns.map(column),
            InputFormat: table.inputFormat,
            OutputFormat: table.outputFormat,
            SerdeInfo: { SerializationLibrary: table.serializationLibrary },
          },
        },
      }),
    );
  }
  let files = 0;
  const put = async (
    uri: S3Uri,
    columns: readonly { readonly name: string; readonly type: string }[],
    rows: readonly JsonRow[],
  ) => {
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, duckType(type)]));
    const file = await writeParquet(session, path.join(folder, String(files++)), types, rows);
    await store.upload(file, uri);
  };

  return {
    clients,
    store,
    session,
    ports: {
      store,
      settings,
      openSession: (tempDirectory) => openSession({ memoryMb: 300, threads: 1, tempDirectory }),
      catalogue: glueFeatureCatalogue(clients.glue, "features"),
      pointers: dynamoFeaturePointers(clients.dynamodb, "builds"),
      online: dynamoOnlineStore(clients.dynamodb, settings.online.tables),
      mark: dynamoOnlineMark(clients.dynamodb, settings.locksTable),
      leases: dynamoLeases(clients.dynamodb, "locks"),
      now: () => new Date("2026-11-21T06:00:00Z"),
    },

    async plan(attempt, more = {}, snapshot = {}) {
      const [, mode = "", to = ""] = /^([a-z]+)-(.{10})/.exec(attempt) ?? [];
      const started_at = `${dayAfter(to)}T05:00:00Z`;
      const plan = {
        run_id: `${mode}-${to}`,
        attempt,
        mode,
        from: to,
        to,
        as_of: `${dayAfter(to)}T00:00:00Z`,
        clean_from: to,
        clean_to: to,
        validate_only: false,
        output_path: null,
        execution_id: `execution-of-${attempt}`,
        started_at,
        looked_at: started_at,
        scheduled_at: started_at,
        days: [],
        slices: 0,
        newest_arrival: null,
        ignored: [],
        outside: [],
        catalogue: { products: [], users: [] },
        base: null,
        ...more,
      };
      const uri = s3Uri("features", featurePlanKey(attempt));
      await store.putJson(uri, plan);
      await store.putJson(s3Uri("features", validationReportKey(plan.run_id, attempt)), reportOf(plan));
      const catalogue = { attempt, rows: 0, date: null, planned_at: plan.looked_at };
      const whole = { days: {}, products: catalogue, users: catalogue, ...snapshot };
      await store.putJson(s3Uri("features", snapshotKey(attempt)), whole);
      return uri;
    },

    async features(group, attempt, rows, tried = "0-0") {
      const { columns, version } = featureTables[group];
      const [, to = ""] = /-(\d{4}-\d{2}-\d{2})-[0-9a-f]{8}$/.exec(attempt) ?? [];
      const prefix = featuresPrefix(group, { version, to, attempt });
      const uri = s3Uri("features", `${prefix}try=${tried}/part-0.parquet`);
      await put(uri, columns, rows);
      return uri;
    },

    async split(split, attempt, rows) {
      const key = `${trainingPrefix(attempt)}try=0-1/split=${split}/part-0.parquet`;
      await put(s3Uri("features", key), featureTables.interaction.columns, rows);
    },

    async clean(table, attempt, rows, day) {
      const below = day === undefined ? "" : `day=${day}/`;
      const key = `${cleanPrefix(attempt)}${table}/${below}part-0.parquet`;
      await put(s3Uri("features", key), cleanTables[table].columns, rows);
    },

    async count(uri) {
      const file = path.join(folder, String(files++));
      await store.download(uri, file);
      const [row] = await session.rows(`SELECT count(*) AS n FROM read_parquet(${text(file)})`);
      return Number(row?.n);
    },

    async partitions(TableName) {
      const { Partitions = [] } = await clients.glue.send(
        new GetPartitionsCommand({ DatabaseName: "features", TableName }),
      );
      const found = Partitions.map(
        ({ Values = [], StorageDescriptor }) =>
          [Values.join("/"), StorageDescriptor?.Location ?? ""] as const,
      );
      return Object.fromEntries(found.toSorted());
    },

    async [Symbol.asyncDispose]() {
      await session.close();
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
