import { createServer } from "node:http";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Context } from "aws-lambda";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { ImageRecords } from "../../packages/assets/src/images/claim.ts";
import { dynamoImages } from "../../packages/assets/src/images/index.ts";
import { s3StoredImages } from "../../packages/assets/src/images/s3-stored-images.ts";
import type { AssetsSettings } from "../../packages/assets/src/settings.ts";
import { generatedKey, type PendingImage, pendingImage } from "../../packages/contracts/src/index.ts";
import { type Listening, listen } from "../../packages/local/src/cloud/gateway/listen.ts";
import { newS3Client, type QueueTaskHandler } from "../../packages/runtime/src/index.ts";
import { tablesWith } from "./assets-tables.ts";
import { blackPng } from "./pictures.ts";

/** The Lambda function itself, over a DynamoDB, an S3 and a Bedrock of the test's own. */
let handler: QueueTaskHandler;
let tables: Awaited<ReturnType<typeof tablesWith>>;
let s3: FauxqsServer;
let bedrock: Listening;
let records: ImageRecords;
/** What the model was asked. */
let prompts: string[];

const png = blackPng(64, 48);
const ids = {
  ana: "11111111-1111-4111-8111-111111111111",
  ben: "22222222-2222-4222-8222-222222222222",
  done: "33333333-3333-4333-8333-333333333333",
};

const recordOf = (id: string, user: string): PendingImage =>
  pendingImage({
    id,
    user,
    owner: user,
    prompt: `A cup for ${user}`,
    style: "flat",
    aspectRatio: "1:1",
    at: new Date("2026-01-31T00:00:00Z"),
    days: 30,
  });

beforeAll(async () => {
  tables = await tablesWith({ images: "request_id" });
  s3 = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
  s3.createBucket("generated");
  const Asked = v.object({ prompt: v.string() });
  bedrock = await listen(
    createServer(async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      prompts.push(v.parse(Asked, JSON.parse(Buffer.concat(chunks).toString("utf8"))).prompt);
      const body = { seeds: [1], finish_reasons: [null], images: [png.toString("base64")], offline: true };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    }),
    0,
  );
  const { endpoint } = tables.client.config;
  const { hostname, port } = (await endpoint?.()) ?? expect.unreachable();
  const settings: AssetsSettings = {
    imagesTable: "images",
    limitsTable: "limits",
    uploadsBucket: "uploads",
    generatedBucket: "generated",
    queueUrl: "http://127.0.0.1/queue",
    baseUrl: "https://pictures.example",
    imageModel: {
      adapter: "stability",
      modelId: "stable",
      region: "us-west-2",
      seconds: 40,
      priceUsd: 0.04,
    },
    recordDays: 30,
    lostMinutes: 60,
    functionSeconds: 50,
    receives: 3,
    uploadSeconds: 900,
    uploadBytes: 15_000_000,
    pixels: { side: [80, 10_000], most: 40_000_000 },
    rates: {
      image: { burst: 10, perHour: 60 },
      upload: { burst: 20, perHour: 120 },
      judge: { burst: 30, perHour: 600 },
    },
  };
  for (const [name, value] of Object.entries({
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL_DYNAMODB: `http://${hostname}:${port}`,
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${s3.port}`,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.endpoint,
    SST_RESOURCE_App: JSON.stringify({ name: "penstock", stage: "test" }),
    SST_RESOURCE_Assets: JSON.stringify(settings),
  }))
    vi.stubEnv(name, value);
  ({ handler } = await import("../../packages/assets/src/tasks/generate-images.ts"));
  records = dynamoImages(tables.client, "images");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  tables.close();
  await bedrock.close();
  await s3.stop();
});

beforeEach(async () => {
  prompts = [];
  const client = DynamoDBDocumentClient.from(tables.client);
  for (const [user, id] of Object.entries(ids))
    await client.send(new PutCommand({ TableName: "images", Item: recordOf(id, user) }));
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});

const message = (messageId: string, body: unknown, receives = 1) => ({
  messageId,
  body: typeof body === "string" ? body : JSON.stringify(body),
  attributes: { ApproximateReceiveCount: String(receives) },
});
const deliver = async (...Records: ReturnType<typeof message>[]) => {
  const { batchItemFailures } = await handler({ Records }, context);
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};
const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "GenerateImages",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:GenerateImages",
  memoryLimitInMB: "1024",
  awsRequestId: "request-1",
  logGroupName: "group",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 50_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

it("messages that are not ours come again until they are dead letters; what came with them is drawn, and nothing else touched", async () => {
  const forged = { version: 1, request_id: "44444444-4444-4444-8444-444444444444" };

  for (const receives of [1, 2, 3]) {
    const failed = await deliver(
      message("no-json", "draw me a cup", receives),
      message("other-json", { prompt: "a cup", user_id: "ana" }, receives),
      message("with-a-prompt", { version: 1, request_id: ids.ben, prompt: "something else" }, receives),
      message("another-version", { version: 2, request_id: ids.ben }, receives),
      message("unknown-id", forged, receives),
      message("no-id", { version: 1, request_id: "../generated/ana" }, receives),
      message("ours", { version: 1, request_id: ids.ana }, receives),
    );

    expect(failed).toEqual([
      "no-json",
      "other-json",
      "with-a-prompt",
      "another-version",
      "unknown-id",
      "no-id",
    ]);
  }

  expect(prompts).toEqual(["A cup for ana. flat vector illustration, plain colours"]);
  expect((await records.find(ids.ana))?.status).toBe("completed");
  expect(await records.find(ids.ben)).toEqual(recordOf(ids.ben, "ben"));
  expect(await records.find(forged.request_id)).toBeUndefined();
});

it("a message that somebody forges for another's picture draws what its owner asked for, for its owner, once", async () => {
  await deliver(message("forged", { version: 1, request_id: ids.ben }));
  const drawn = await records.find(ids.ben);

  await deliver(message("own", { version: 1, request_id: ids.ben }));

  expect(prompts).toEqual(["A cup for ben. flat vector illustration, plain colours"]);
  expect(await records.find(ids.ben)).toEqual(drawn);
  expect(drawn).toMatchObject({
    user_id: "ben",
    s3_key: expect.stringMatching(/^generated\/ben\/20260131T000000Z_2.*_a-cup-for-ben\.png$/),
  });
});

it("the same message twice in one batch, and once more later, is one picture that is paid once", async () => {
  const body = { version: 1, request_id: ids.done };

  const failed = await deliver(message("m1", body), message("m2", body));
  const completed = await records.find(ids.done);
  const late = await deliver(message("m3", body, 3));

  // One of the two finds the other at work, and comes again.
  expect(failed.length).toBeLessThanOrEqual(1);
  expect([late, prompts.length]).toEqual([[], 1]);
  expect(await records.find(ids.done)).toEqual(completed);
  const key = generatedKey(recordOf(ids.done, "done"), "a-cup-for-done");
  expect(completed).toMatchObject({
    status: "completed",
    s3_key: key,
    s3_url: `https://pictures.example/${key}`,
    width: 64,
    height: 48,
    bytes: png.length,
    model: "stable",
    offline: true,
  });
  expect(await s3StoredImages(newS3Client(), "generated").find(key)).toMatchObject({
    width: 64,
    height: 48,
    bytes: png.length,
    model: "stable",
    offline: true,
  });
});
