import { randomUUID } from "node:crypto";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
} from "@aws-sdk/client-sfn";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { dynamoCampaigns, newCampaign, normalisedRequest } from "@penstock/campaign/requests";
import sharp from "sharp";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { type CallApi, personCaller } from "../../packages/local/src/main-job/call-api.ts";
import { machinesOf, type ResourceGraph } from "../../packages/local/src/render/index.ts";
import { clientsOf, execute } from "../local/clients.ts";
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

/** The whole program, or one that lacks something, in a local cloud, and hands to make campaigns as people do. */
export async function openCampaigns(program: ResourceGraph = graph) {
  const cloud = await bootCloud(program, { root });
  const { dynamodb, s3, sfn, sqs } = clientsOf(cloud.endpoint);
  const signal = AbortSignal.timeout(600_000);
  async function item(
    table: string,
    key: Readonly<Record<string, string>>,
  ): Promise<Record<string, unknown>> {
    const Key = Object.fromEntries(Object.entries(key).map(([name, S]) => [name, { S }]));
    const { Item = {} } = await dynamodb.send(new GetItemCommand({ TableName: output(table), Key }));
    return unmarshall(Item);
  }
  return {
    cloud,
    signal,
    settled: () => settled(cloud),
    /** Somebody who has signed in. */
    as: (person: string): Promise<CallApi> => personCaller(cloud, person, "penstock/campaigns", signal),
    item,
    /**
     * A campaign without the API, which waits no longer than a caller would: its record and its execution, which has ended.
     * @param tier 1 for the agent, 2 for the sequence
     */
    async begun(tier: 1 | 2) {
      const [id, correlation] = [randomUUID(), randomUUID()];
      const image = { bucket: output("uploads"), key: `uploads/ana/${id}.png` };
      await s3.send(new PutObjectCommand({ Bucket: image.bucket, Key: image.key, Body: await cup() }));
      const { record, input } = newCampaign({
        subject: "ana",
        owner: "ana",
        request: normalisedRequest({
          product: { name: "Red cup" },
          objectives: ["Sell it"],
          target_markets: ["DE"],
          image: { upload_id: "" },
          tier,
        }),
        image,
        fingerprint: "0".repeat(64),
        id,
        correlation,
        at: new Date(),
      });
      await dynamoCampaigns(
        dynamodb,
        { products: output("products"), cache: output("campaignCache") },
        24,
      ).create(record);
      const ended = await execute(sfn, stateMachineArn, input);
      return { ended, record: await item("products", { product_id: id }) };
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
