import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { dynamoPeople, newUserId } from "@penstock/dna/people";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { fastClock } from "../../packages/local/src/engine/index.ts";
import { machinesOf } from "../../packages/local/src/render/index.ts";
import { clientsOf, eventually } from "../local/clients.ts";
import { root } from "../local/small-graph.ts";
import { graph, output, settled } from "./prod-cloud.ts";

const stateMachineArn = machinesOf(graph).find(({ workflow }) => workflow === "digital-dna")?.arn ?? "";

/** The whole program in a local cloud whose idle time is short, and hands to work with people's exports. */
export async function openDna() {
  const cloud = await bootCloud(graph, { root, clock: fastClock(1000) });
  const { s3, sfn, dynamodb } = clientsOf(cloud.endpoint);
  const people = dynamoPeople(dynamodb, { people: output("people"), files: output("dnaFiles") });
  const begin = async (input: object) => {
    const { executionArn = "" } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return executionArn;
  };
  /** The first execution that enters a state. */
  const entering = (state: string) =>
    new Promise<string>((resolve) => {
      cloud.on("history", (arn, { type, details }) => {
        if (type.endsWith("StateEntered") && details?.name === state) resolve(arn);
      });
    });
  const listed = async (statusFilter?: "FAILED" | "ABORTED") => {
    const all: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter, nextToken }));
      for (const { executionArn = "" } of page.executions ?? []) all.push(executionArn);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return all;
  };
  const start = async (input: object) => {
    const executionArn = await begin(input);
    const { status, output: text = "{}" } = await eventually(async () => {
      const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return found.status === "RUNNING" ? undefined : found;
    });
    return { status, output: JSON.parse(text) };
  };
  return {
    cloud,
    /** Starts an execution, and does not wait for it. @returns its ARN */
    begin,
    /** Starts an execution, and waits for its end. */
    start,
    /** Stops the first execution that enters a state. */
    async stopAt(state: string): Promise<void> {
      await sfn.send(new StopExecutionCommand({ executionArn: await entering(state) }));
    },
    /** Kills every sandbox, whatever it does, when the first execution enters a state. @returns how many there were */
    async crashAt(state: string): Promise<number> {
      await entering(state);
      const pids = cloud.sandboxPids();
      for (const pid of pids) process.kill(pid, "SIGKILL");
      return pids.length;
    },
    /** Takes every execution up again that did not succeed. */
    async redriveFailed(): Promise<void> {
      const failed = [...(await listed("FAILED")), ...(await listed("ABORTED"))];
      for (const executionArn of failed) await sfn.send(new RedriveExecutionCommand({ executionArn }));
    },
    settled: () => settled(cloud),
    /** Somebody who is registered: their id. */
    async person(): Promise<string> {
      const user = newUserId();
      const Item = { id: { S: `user#${user}` }, status: { S: "active" } };
      await dynamodb.send(new PutItemCommand({ TableName: output("people"), Item }));
      return user;
    },
    standing: people.status,
    async put(Key: string, Body: string | Uint8Array): Promise<void> {
      await s3.send(new PutObjectCommand({ Bucket: output("dnaData"), Key, Body }));
    },
    async read(Key: string): Promise<string> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: output("dnaData"), Key }));
      return (await Body?.transformToString()) ?? "";
    },
    /** Keys of all that is somebody's, in both buckets. */
    async keys(user: string): Promise<string[]> {
      const lists = await Promise.all(
        ["dnaData", "dnaWork"].map((bucket) =>
          s3.send(new ListObjectsV2Command({ Bucket: output(bucket), Prefix: `${user}/` })),
        ),
      );
      return lists.flatMap(({ Contents = [] }) => Contents.map(({ Key = "" }) => Key));
    },
    /** What became of somebody's files, by name. */
    outcomes: async (user: string) => (await people.outcomes(user, { limit: 100, after: undefined })).files,
    /** How every execution ended, and all that stands in their histories. */
    async executions() {
      const ended = await Promise.all(
        (await listed()).map(async (executionArn) => {
          const { status, output: text = "{}" } = await sfn.send(
            new DescribeExecutionCommand({ executionArn }),
          );
          const { events = [] } = await sfn.send(
            new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
          );
          return { status, output: JSON.parse(text), history: JSON.stringify(events) };
        }),
      );
      return ended;
    },
  };
}
