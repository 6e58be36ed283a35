import { setTimeout as sleep } from "node:timers/promises";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { DeleteStateMachineCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { systems } from "@penstock/contracts";
import { parquetWriteBuffer } from "hyparquet-writer";
import * as v from "valibot";
import { bootCloud, type Cloud } from "../../../packages/local/src/cloud/index.ts";
import type { Grant } from "../../../packages/local/src/cloud/permissions/index.ts";
import { fastClock } from "../../../packages/local/src/engine/index.ts";
import { bucketsOf } from "../../../packages/local/src/main-job/run.ts";
import { machinesOf, type ResourceGraph, renderProgram } from "../../../packages/local/src/render/index.ts";
import { planSample } from "../../../packages/local/src/sample/generate.ts";
import { rawObjects as rawOrders } from "../../e2e/orders.ts";
import { clientsOf } from "../clients.ts";
import { root } from "../small-graph.ts";
import { campaignDay } from "./run-campaign.ts";
import { dnaDays } from "./run-dna.ts";
import { featureDays } from "./run-features.ts";

type SampleFile = ReturnType<typeof planSample>["files"][number];

/** The program, as it stands on the laptop. */
export const graph = await renderProgram({ root, stage: "local" });

/** The ARN of a workflow of the program. */
export function machine(workflow: string): string {
  const found = machinesOf(graph).find((each) => each.workflow === workflow);
  if (found === undefined) throw new Error(`The program has no state machine ${workflow}.`);
  return found.arn;
}

/** The program whose tasks leave to Glue what is larger than a byte. */
function onGlue(): ResourceGraph {
  const functions = graph.functions.map(({ links, ...rest }) => ({
    ...rest,
    links: Object.fromEntries(
      Object.entries(links).map(([name, link]) => [
        name,
        "lambdaMaxBytes" in link ? { ...link, lambdaMaxBytes: 1 } : link,
      ]),
    ),
  }));
  // Built once, when all is there, and not of each object.
  const resources = graph.resources.filter(({ name }) => name !== "CuratedObjectToProdTarget");
  return { ...graph, functions, resources };
}

/** Waits until nothing is under way any more. */
export async function settled(cloud: Cloud): Promise<void> {
  // Twice in a row, because what ends one thing may be about to begin another.
  for (let quiet = 0; quiet < 2; ) {
    const { deliveries, invocations, executions } = cloud.pending();
    quiet = deliveries + invocations + executions === 0 ? quiet + 1 : 0;
    await sleep(50);
  }
}

interface RawObject {
  readonly key: string;
  readonly body: Uint8Array;
}

/** The first object of each table of the sample, children before parents, and one that is no Parquet. */
function rawObjects(): { good: Map<string, RawObject>; refused: RawObject } {
  const { files } = planSample({ rows: 1000, seed: 3 });
  const made = (file: SampleFile): RawObject => ({ key: file.key, body: file.make() });
  const truncated = files.find(({ key }) => key.includes("truncated"));
  if (truncated === undefined) throw new Error("The sample has no truncated file.");
  const tables = [
    "reviews",
    "payments",
    "order_items",
    "inventory",
    "orders",
    "products",
    "sellers",
    "customers",
  ];
  const good = tables.map((table): [string, RawObject] => {
    const file = files.find(({ key }) => key.startsWith(`ecommerce/${table}-raw/`) && key.includes("day=01"));
    if (file === undefined) throw new Error(`The sample has no ${table}.`);
    return [table, made(file)];
  });
  return { good: new Map(good), refused: made(truncated) };
}

/** One seller who breaks no rule, and no parent to wait for: nothing to quarantine, nothing pending. */
const faultless: RawObject = {
  key: "ecommerce/sellers-raw/year=2025/month=02/day=01/faultless.parquet",
  body: new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "seller_id", data: ["a".repeat(32)], type: "STRING" },
        { name: "zip_code_prefix", data: ["01310"], type: "STRING" },
        { name: "city", data: ["sao paulo"], type: "STRING" },
        { name: "state", data: ["SP"], type: "STRING" },
      ],
    }),
  ),
};

/** A cloud under the program, and hands to put raw objects into it and to call its tasks. */
async function open(program: ResourceGraph) {
  const cloud = await bootCloud(program, { root, notesGrants: true, clock: fastClock(1000) });
  const { s3, sfn, lambda, dynamodb } = clientsOf(cloud.endpoint);
  const { raw } = bucketsOf(graph);
  return {
    cloud,
    sfn,
    bucket: raw,
    /** Puts a text into the bucket that is an output of the program by this name. */
    putText: async (output: "audit" | "marts", key: string, text: string) => {
      await s3.send(new PutObjectCommand({ Bucket: String(graph.outputs[output]), Key: key, Body: text }));
    },
    /** Has one execution build as often as it may, and then hand over: somebody asks during each build. */
    buildOnAndOn: async () => {
      let asked = 0;
      cloud.on("history", (_, { type, details }) => {
        if (type !== "ParallelStateEntered" || details?.name !== "Publish" || ++asked > 4) return;
        const ask = new UpdateItemCommand({
          TableName: String(graph.outputs.locks),
          Key: { name: { S: machine("curated-to-prod").split(":").at(-1) ?? "" } },
          UpdateExpression: "ADD requested :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        });
        void dynamodb.send(ask);
      });
      await sfn.send(new StartExecutionCommand({ stateMachineArn: machine("curated-to-prod") }));
      await settled(cloud);
    },
    put: async ({ key, body }: RawObject) => {
      await s3.send(new PutObjectCommand({ Bucket: raw, Key: key, Body: body }));
    },
    /** What a task answers, or why it fails. */
    invoke: async (task: string, event: object): Promise<Readonly<Record<string, unknown>>> => {
      const FunctionName = `${graph.app}-${graph.stage}-${task}`;
      const { Payload } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify({ run_id: "by-hand", ...event }) }),
      );
      return JSON.parse(Payload?.transformToString() ?? "{}");
    },
  };
}

/** Every route of the API, of each machine and each system that it shows. */
async function overTheApi(cloud: Cloud): Promise<void> {
  const { apis, issuers } = cloud.httpApis;
  const { url = "", clients = [] } = issuers.ApiCallers ?? {};
  const tokens = await Promise.all(
    ["penstock/operate", "penstock/analyse", "penstock/ingest", "penstock/features"].map(async (scope) => {
      const client = clients.find(({ scopes }) => scopes.includes(scope));
      const granted = await fetch(`${url}/oauth2/token`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${client?.id}:${client?.secret}`)}` },
        body: new URLSearchParams({ grant_type: "client_credentials", scope }),
      });
      return v.parse(v.object({ access_token: v.string() }), await granted.json()).access_token;
    }),
  );
  const [operator, analyst, sender, reader] = tokens;
  const tokenFor = (path: string) => {
    if (path.startsWith("/interactions")) return sender;
    if (path.startsWith("/features")) return reader;
    return /^.(analytics|copilot)/.test(path) ? analyst : operator;
  };
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${apis.HttpApi}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${tokenFor(path)}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    return answer.json();
  };
  const key = "ecommerce/orders-raw/year=2025/month=01/day=01/nobody.parquet";
  await ask("POST", "/pipelines/raw-to-curated/executions", { bucket: bucketsOf(graph).raw, key });
  await ask("POST", "/pipelines/reconcile/executions", {});
  await ask("POST", "/pipelines/curated-to-prod/executions", {});
  // There are no interactions yet: it takes over the catalogue of what is curated, and ends.
  await ask("POST", "/pipelines/feature-pipeline/executions", { mode: "daily" });
  // Of nobody: it is ignored.
  await ask("POST", "/pipelines/digital-dna/executions", { user: `usr_${"0".repeat(26)}` });
  await settled(cloud);
  const { executions } = v.parse(
    v.object({ executions: v.array(v.object({ id: v.string(), pipeline: v.string() })) }),
    await ask("GET", "/executions"),
  );
  for (const [system, { reports }] of Object.entries(systems)) {
    await ask("GET", `/analytics/${system}`);
    for (const report of Object.keys(reports)) await ask("GET", `/analytics/${system}/${report}`);
  }
  // One that is delivered by way of the stream, and one that cannot be; and what is online of users and products.
  const interaction = {
    interaction_id: "sent",
    user_id: "somebody",
    product_id: "something",
    interaction_type: "view",
    timestamp: "2025-01-01T00:00:00Z",
    session_id: "once",
  };
  await ask("POST", "/interactions", { interactions: [interaction] });
  const { kinesis } = clientsOf(cloud.endpoint);
  const broken = { PartitionKey: "somebody", Data: Buffer.from("no JSON") };
  await kinesis.send(
    new PutRecordCommand({ StreamName: String(graph.outputs.interactionStream), ...broken }),
  );
  for (const group of ["user", "item"]) await ask("POST", `/features/${group}/batch`, { ids: ["nobody"] });
  await ask("POST", "/copilot", { question: "How many orders are there per region?" });
  for (const pipeline of [
    "raw-to-curated",
    "reconcile",
    "curated-to-prod",
    "feature-pipeline",
    "digital-dna",
    "on-failure",
  ]) {
    const id = encodeURIComponent(executions.find((each) => each.pipeline === pipeline)?.id ?? "");
    await ask("GET", `/executions/${id}`);
    await ask("POST", `/executions/${id}/redrive`);
  }
}

/**
 * The lake's life by way of Lambda: every table, children before parents so that rows wait and are released, one object
 * refused, the same rows twice, an execution that fails, the daily pass, and events that find nobody.
 */
async function everyDay(): Promise<readonly Grant[]> {
  const { cloud, sfn, put, putText, invoke, buildOnAndOn } = await open(graph);
  const { good, refused } = rawObjects();
  const schedules = ["reconcile", "curated-to-prod"].map(
    (workflow) => `${graph.app}-${graph.stage}-${workflow}-daily`,
  );
  const fire = () => {
    for (const schedule of schedules) cloud.fireSchedule(schedule, new Date());
  };
  try {
    // Before anything is there.
    await invoke("PlanMarts", { build: build.build, current: null });
    await invoke("BuildMarts", build);
    for (const object of good.values()) await put(object);
    for (const object of rawOrders) await put(object);
    for (const object of [refused, faultless]) await put(object);
    await sfn.send(
      new StartExecutionCommand({ stateMachineArn: machine("raw-to-curated"), input: '{"no":"object"}' }),
    );
    await settled(cloud);
    await overTheApi(cloud);
    await settled(cloud);
    const orders = good.get("orders");
    if (orders !== undefined) await put({ ...orders, key: orders.key.replace("part", "again") });
    fire();
    await settled(cloud);
    await buildOnAndOn();
    // The second try writes over what the first has left.
    for (let tries = 0; tries < 2; tries++) await invoke("BuildMarts", build);
    // What nobody can read is counted and passed over.
    await putText("audit", "metrics/orders/broken.json", "{}");
    fire();
    await settled(cloud);
    for (const workflow of ["raw-to-curated", "reconcile", "curated-to-prod"]) {
      await sfn.send(new DeleteStateMachineCommand({ stateMachineArn: machine(workflow) }));
    }
    await put(refused);
    fire();
    await settled(cloud);
    return cloud.neededGrants();
  } finally {
    await cloud.close();
  }
}

/**
 * Objects too large for Lambda, rows that wait too long, and objects that are gone when they are looked at. The rows'
 * parents never come but for one; they expire, and come again when the objects do, by the other engine.
 */
async function largeAndLate(): Promise<readonly Grant[]> {
  const { good } = rawObjects();
  const { cloud, put, putText, bucket, invoke } = await open(onGlue());
  const longAgo = new Date(Date.now() - 60 * 86_400_000).toISOString();
  const gone = `s3://${bucketsOf(graph).artifacts}/refine/gone`;
  const late = [good.get("reviews"), good.get("order_items")].filter((object) => object !== undefined);
  try {
    const products = rawOrders.filter(({ key }) => key.includes("/products-raw/"));
    for (const object of [faultless, ...products, ...late]) {
      await put(object);
      await settled(cloud);
    }
    const files: object[] = [];
    for (const { key } of late) {
      const { table, source, etag } = await invoke("Inspect", { bucket, key });
      const file = { bucket, key, table, source, etag, arrived_at: longAgo };
      files.push(file);
      await invoke("Refine", file);
      const missing = { ...file, key: `${key}.gone` };
      await invoke("Inspect", { bucket, key: missing.key, table });
      for (const task of ["Refine", "PlanRefine"]) await invoke(task, missing);
      await invoke("FinishRefine", { ...missing, result: gone });
      await invoke("FinishRefine", { ...file, result: gone });
    }
    await invoke("FinishMarts", { ...build, result: gone.replace("/refine/", "/marts/") });
    // What an earlier try left goes before the job writes.
    await putText("marts", `sales/build=${build.build}/left.parquet`, "");
    await invoke("PlanMarts", { build: build.build, current: null });
    const [first] = files;
    for (const workflow of ["reconcile", "curated-to-prod"]) {
      cloud.fireSchedule(`${graph.app}-${graph.stage}-${workflow}-daily`, new Date());
      await settled(cloud);
    }
    // Two later builds make what is catalogued superseded: it goes, and its partitions too.
    for (const day of ["02", "03"]) await putText("marts", `_builds/209901${day}T000000Z-000001.json`, "{}");
    await invoke("PlanMarts", { build: "20990104T000000Z-000001", current: null });
    await invoke("Refine", { ...first, arrived_at: new Date().toISOString() });
    const again = late[1];
    if (again !== undefined) await put(again);
    await settled(cloud);
    return cloud.neededGrants();
  } finally {
    await cloud.close();
  }
}

/** A build by hand. */
const build = { build: "20250101T000000Z-000000", built_at: "2025-01-01T00:00:00Z", current: null };

/** Has the program do all that it does, once, and tells which of its grants that needed. */
export async function runEverything(): Promise<readonly Grant[]> {
  return [
    ...(await everyDay()),
    ...(await largeAndLate()),
    ...(await featureDays(graph)),
    ...(await dnaDays(graph)),
    ...(await campaignDay(graph)),
  ];
}
