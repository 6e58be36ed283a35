import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
} from "@aws-sdk/client-sfn";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import sharp from "sharp";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { type CallApi, personCaller } from "../../packages/local/src/main-job/call-api.ts";
import { machinesOf } from "../../packages/local/src/render/index.ts";
import { clientsOf } from "../local/clients.ts";
import { root } from "../local/small-graph.ts";
import { graph, output, settled } from "./prod-cloud.ts";

const stateMachineArn = machinesOf(graph).find(({ workflow }) => workflow === "campaign")?.arn ?? "";

/** A picture of a red cup before nothing, as PNG. */
export const cup = (): Promise<Buffer> =>
  sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="200"><path d="M50 40h110v110q0 20-20 20h-70q-20 0-20-20z" fill="#c22"/><circle cx="170" cy="90" r="28" fill="none" stroke="#c22" stroke-width="14"/></svg>',
    ),
  )
    .png()
    .toBuffer();

/** The whole program in a local cloud, and hands to make campaigns as people do. */
export async function openCampaigns() {
  const cloud = await bootCloud(graph, { root });
  const { dynamodb, sfn, sqs } = clientsOf(cloud.endpoint);
  const signal = AbortSignal.timeout(600_000);
  return {
    cloud,
    signal,
    settled: () => settled(cloud),
    /** Somebody who has signed in. */
    as: (person: string): Promise<CallApi> => personCaller(cloud, person, "penstock/campaigns", signal),
    async item(table: string, key: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
      const Key = Object.fromEntries(Object.entries(key).map(([name, S]) => [name, { S }]));
      const { Item = {} } = await dynamodb.send(new GetItemCommand({ TableName: output(table), Key }));
      return unmarshall(Item);
    },
    /** Executions of the machine by their names, with the states that they entered. */
    async executions() {
      const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
      return Promise.all(
        executions.map(async ({ executionArn, name = "" }) => {
          const [{ status, output: text = "{}" }, { events = [] }] = await Promise.all([
            sfn.send(new DescribeExecutionCommand({ executionArn })),
            sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 })),
          ]);
          const states = events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
          return { name, status, output: JSON.parse(text), states };
        }),
      );
    },
    /** How many messages a queue has, hidden ones too. */
    async messages(queue: string): Promise<number> {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: output(queue),
          AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        }),
      );
      return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
    },
  };
}
