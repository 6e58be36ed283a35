import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { fastClock } from "../../packages/local/src/engine/index.ts";
import { machinesOf, renderProgram } from "../../packages/local/src/render/index.ts";
import { clientsOf, eventually } from "../local/clients.ts";
import { root } from "../local/small-graph.ts";
import type { RawInteractions } from "./interactions.ts";

const graph = await renderProgram({ root, stage: "local" });

function output(name: string): string {
  const value = graph.outputs[name];
  if (typeof value !== "string") throw new Error(`The program puts out no ${name}.`);
  return value;
}

const machine = machinesOf(graph).find(({ workflow }) => workflow === "feature-pipeline")?.arn ?? "";

/** The whole program in a local cloud whose idle time is short, and hands to run the feature pipeline. */
export async function openFeatures() {
  const cloud = await bootCloud(graph, { root, clock: fastClock(1000) });
  const { s3, sfn, athena, dynamodb } = clientsOf(cloud.endpoint);
  const item = async (table: string, key: string, value: string) => {
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: output(table), Key: { [key]: { S: value } }, ConsistentRead: true }),
    );
    return Item;
  };
  const start = async (input: object): Promise<string> => {
    const { executionArn = "" } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(input) }),
    );
    return executionArn;
  };
  const ended = async (executionArn: string) => {
    const found = await eventually(async () => {
      const description = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return description.status === "RUNNING" ? undefined : description;
    });
    return {
      executionArn,
      status: found.status,
      error: found.error,
      cause: found.cause,
      output: JSON.parse(found.output ?? "{}"),
    };
  };
  return {
    cloud,
    async put({ key, body }: RawInteractions): Promise<void> {
      await s3.send(new PutObjectCommand({ Bucket: output("interactions"), Key: key, Body: body }));
    },
    async remove({ key }: RawInteractions): Promise<void> {
      await s3.send(new DeleteObjectCommand({ Bucket: output("interactions"), Key: key }));
    },
    start,
    ended,
    run: async (input: object) => ended(await start(input)),
    /** Stops an execution as soon as it enters a state. */
    async stopAt(state: string, input: object) {
      const entered = new Promise<string>((resolve) => {
        cloud.on("history", (arn, { type, details }) => {
          if (type.endsWith("StateEntered") && details?.name === state) resolve(arn);
        });
      });
      const executionArn = await start(input);
      const early = await Promise.race([entered.then(() => undefined), ended(executionArn)]);
      if (early !== undefined) return early;
      await sfn.send(new StopExecutionCommand({ executionArn, error: "Stopped", cause: "by the test" }));
      return ended(executionArn);
    },
    async redrive(executionArn: string) {
      await sfn.send(new RedriveExecutionCommand({ executionArn }));
      return ended(executionArn);
    },
    /** Names of the states that an execution has entered. */
    async states(executionArn: string): Promise<string[]> {
      const { events = [] } = await sfn.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
      );
      return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
    },
    /** Which features are current. */
    async current() {
      const found = await item("builds", "system", "features");
      return {
        attempt: found?.build?.S,
        as_of: found?.as_of?.S,
        manifest: found?.manifest?.S ?? "",
        generation: Number(found?.generation?.N ?? 0),
      };
    },
    lock: (run: string) => item("locks", "name", `penstock-local-feature-pipeline/${run}`),
    online: (table: "userFeatures" | "itemFeatures", id: string) => item(table, "id", id),
    record: (executionArn: string) =>
      item("runs", "run_id", `penstock-local-feature-pipeline/${executionArn.split(":").at(-1)}`),
    /** A JSON object by its URI. */
    async json(uri: string) {
      const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? "null");
    },
    /** ETags of the feature objects below a prefix: of equal bytes equal ones. */
    async etags(prefix: string): Promise<(string | undefined)[]> {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: output("features"), Prefix: prefix }),
      );
      return Contents.map(({ ETag }) => ETag).sort();
    },
    /** The rows of a query over the features' tables, as texts. */
    ask: (sql: string) => askFeatures(athena, output("featuresDatabase"), sql),
  };
}

export type Features = Awaited<ReturnType<typeof openFeatures>>;

/** The rows of a query over the features' tables in Athena, as texts: up to a thousand. */
export async function askFeatures(athena: AthenaClient, Database: string, sql: string): Promise<string[][]> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: "penstock-local-features",
      QueryExecutionContext: { Database },
    }),
  );
  const { Status } = await eventually(async () => {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return /^(QUEUED|RUNNING)$/.test(QueryExecution?.Status?.State ?? "") ? undefined : QueryExecution;
  });
  if (Status?.State !== "SUCCEEDED") throw new Error(`${sql}: ${Status?.StateChangeReason}`);
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return (ResultSet?.Rows ?? [])
    .slice(1)
    .map(({ Data = [] }) => Data.map(({ VarCharValue = "" }) => VarCharValue));
}
