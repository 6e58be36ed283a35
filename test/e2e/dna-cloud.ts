import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
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
  const start = async (input: object) => {
    const { executionArn = "" } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    const { status, output: text = "{}" } = await eventually(async () => {
      const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return found.status === "RUNNING" ? undefined : found;
    });
    return { status, output: JSON.parse(text) };
  };
  return {
    cloud,
    start,
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
      const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
      const ended = await Promise.all(
        executions.map(async ({ executionArn }) => {
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
