import { setTimeout as sleep } from "node:timers/promises";
import {
  BatchGetQueryExecutionCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListQueryExecutionsCommand,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { fastClock } from "../../packages/local/src/engine/index.ts";
import { machinesOf, renderProgram } from "../../packages/local/src/render/index.ts";
import { clientsOf, eventually } from "../local/clients.ts";
import { root } from "../local/small-graph.ts";
import type { RawObject } from "./orders.ts";
import { mulberry } from "./random.ts";

/** The program as it stands on the laptop. */
export const graph = await renderProgram({ root, stage: "local" });

/** An output of the program: the name of a bucket or table, the ARN of a machine. */
export function output(name: string): string {
  const value = graph.outputs[name];
  if (typeof value !== "string") throw new Error(`The program puts out no ${name}.`);
  return value;
}

const toProd = machinesOf(graph).find(({ workflow }) => workflow === "curated-to-prod")?.arn ?? "";

/** An execution of curated-to-prod, when it has ended. */
export interface Ended {
  readonly status: string | undefined;
  readonly output: Readonly<Record<string, unknown>>;
}

/** The whole program in a local cloud whose idle time is short, and hands to work with it. */
export async function openProd() {
  const cloud = await bootCloud(graph, { root, clock: fastClock(1000) });
  const { s3, sfn, athena, dynamodb, glue } = clientsOf(cloud.endpoint);
  const item = (table: string, key: string, value: string) => ({
    TableName: output(table),
    Key: { [key]: { S: value } },
  });
  return {
    cloud,
    glue,
    dynamodb,
    async put(bucket: string, { key, body }: { key: string; body: Uint8Array | string }): Promise<void> {
      await s3.send(new PutObjectCommand({ Bucket: output(bucket), Key: key, Body: body }));
    },
    async start(): Promise<string> {
      const { executionArn = "" } = await sfn.send(new StartExecutionCommand({ stateMachineArn: toProd }));
      return executionArn;
    },
    async ended(executionArn: string): Promise<Ended> {
      const description = await eventually(async () => {
        const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        return found.status === "RUNNING" ? undefined : found;
      });
      return { status: description.status, output: JSON.parse(description.output ?? "{}") };
    },
    /** The next execution that enters a state. */
    entering(state: string, of?: string): Promise<string> {
      return new Promise((resolve) => {
        cloud.on("history", (arn, { type, details }) => {
          if (type.endsWith("StateEntered") && details?.name === state && (of ?? arn) === arn) resolve(arn);
        });
      });
    },
    /** The item of the table of builds: which build is current. */
    async current(system: string) {
      const { Item } = await dynamodb.send(new GetItemCommand(item("builds", "system", system)));
      return { build: Item?.build?.S, generation: Number(Item?.generation?.N) };
    },
    /** Has another execution take a build's place, as one does that has taken the lease over. */
    async supersede(system: string, build: string, generation: number): Promise<void> {
      await dynamodb.send(
        new UpdateItemCommand({
          ...item("builds", "system", system),
          UpdateExpression: "SET build = :build, generation = :generation",
          ExpressionAttributeValues: { ":build": { S: build }, ":generation": { N: String(generation) } },
        }),
      );
    },
    /** Has the lease run out, as of an execution that does not go on. */
    async expireLease(): Promise<void> {
      await dynamodb.send(
        new UpdateItemCommand({
          ...item("locks", "name", toProd.split(":").at(-1) ?? ""),
          UpdateExpression: "SET leased_until = :past",
          ExpressionAttributeValues: { ":past": { N: "0" } },
        }),
      );
    },
    /** The run record of an execution. */
    async record(executionArn: string) {
      const id = `curated-to-prod/${executionArn.split(":").at(-1)}`;
      const { Item } = await dynamodb.send(
        new GetItemCommand(item("runs", "run_id", `penstock-local-${id}`)),
      );
      return Item;
    },
    /** The SQL of the queries that ran in a workgroup. */
    async queries(workgroup: string): Promise<string[]> {
      const list = new ListQueryExecutionsCommand({ WorkGroup: `penstock-local-${workgroup}` });
      const { QueryExecutionIds = [] } = await athena.send(list);
      if (QueryExecutionIds.length === 0) return [];
      const found = await athena.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds }));
      return (found.QueryExecutions ?? []).map(({ Query = "" }) => Query);
    },
    /** The one value of a query's one row. */
    async ask(sql: string, database: string): Promise<string | undefined> {
      const { QueryExecutionId } = await athena.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          WorkGroup: output("workgroup"),
          QueryExecutionContext: { Database: database },
        }),
      );
      const { Status } = await eventually(async () => {
        const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
        return /^(QUEUED|RUNNING)$/.test(QueryExecution?.Status?.State ?? "") ? undefined : QueryExecution;
      });
      if (Status?.State !== "SUCCEEDED") throw new Error(`${sql}: ${Status?.StateChangeReason}`);
      const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
      return ResultSet?.Rows?.[1]?.Data?.[0]?.VarCharValue;
    },
  };
}

export type Prod = Awaited<ReturnType<typeof openProd>>;

/** Waits until nothing is under way any more. */
export async function settled({ pending }: Pick<Cloud, "pending">): Promise<void> {
  // Twice in a row, because what ends one thing may be about to begin another.
  for (let quiet = 0; quiet < 2; ) {
    const { deliveries, invocations, executions } = pending();
    quiet = deliveries + invocations + executions === 0 ? quiet + 1 : 0;
    await sleep(50);
  }
}

/** A list in an order that depends on the seed only. */
export function shuffled(list: readonly RawObject[], seed: number): RawObject[] {
  const random = mulberry(seed);
  return list
    .map((each) => ({ each, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ each }) => each);
}
