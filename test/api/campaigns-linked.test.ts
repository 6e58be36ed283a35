import { createServer } from "node:http";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import * as v from "valibot";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { AssetsSettings } from "../../packages/assets/src/settings.ts";
import { CampaignInput, type ImageMessage, ProductRecord } from "../../packages/contracts/src/index.ts";
import { type Listening, listen } from "../../packages/local/src/cloud/gateway/listen.ts";
import { tablesWith } from "../assets/assets-tables.ts";
import { wantedCampaign } from "./campaign-fixtures.ts";
import { completed } from "./memory-campaigns.ts";

/** The API's function itself, over tables, a bucket, a queue and a Step Functions of the test's own. */
let handler: (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;
let tables: Awaited<ReturnType<typeof tablesWith>>;
let faux: FauxqsServer;
let states: Listening;
let queueUrl: string;
const started: CampaignInput[] = [];
const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:campaign";

beforeAll(async () => {
  tables = await tablesWith({
    products: "product_id",
    cache: "key",
    images: "request_id",
    limits: "bucket",
  });
  const client = DynamoDBDocumentClient.from(tables.client);
  faux = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
  faux.createBucket("uploads");
  const endpoint = `http://127.0.0.1:${faux.port}`;
  faux.createQueue("images");
  queueUrl = `${endpoint}/000000000000/images`;
  const Started = v.object({ stateMachineArn: v.literal(MACHINE), name: v.string(), input: v.string() });
  /** A machine that has made its campaign by the time that it is started. */
  states = await listen(
    createServer(async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = v.parse(Started, JSON.parse(Buffer.concat(chunks).toString("utf8")));
      const input = v.parse(CampaignInput, JSON.parse(body.input));
      started.push(input);
      const Key = { product_id: input.product_id };
      const { Item } = await client.send(new GetCommand({ TableName: "products", Key }));
      const { campaign } = completed(v.parse(ProductRecord, Item), Date.now());
      await client.send(
        new UpdateCommand({
          TableName: "products",
          Key,
          UpdateExpression: "SET #status = :done, campaign = :campaign",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":done": "completed", ":campaign": campaign },
        }),
      );
      const executionArn = `${MACHINE.replace("stateMachine", "execution")}:${body.name}`;
      response
        .writeHead(200, { "content-type": "application/x-amz-json-1.0" })
        .end(JSON.stringify({ executionArn, startDate: 0 }));
    }),
    0,
  );
  const at = await tables.client.config.endpoint?.();
  const rate = { burst: 2, perHour: 60 };
  const assets: AssetsSettings = {
    imagesTable: "images",
    limitsTable: "limits",
    uploadsBucket: "uploads",
    generatedBucket: "generated",
    queueUrl,
    baseUrl: "https://pictures.example",
    imageModel: { adapter: "stability", modelId: "m", region: "us-west-2", seconds: 40, priceUsd: 0.04 },
    recordDays: 30,
    lostMinutes: 60,
    functionSeconds: 50,
    receives: 3,
    uploadSeconds: 900,
    uploadBytes: 15_000_000,
    pixels: { side: [80, 10_000], most: 40_000_000 },
    rates: { image: rate, upload: rate, judge: { burst: 3, perHour: 60 } },
  };
  const campaign = {
    productsTable: "products",
    cacheTable: "cache",
    model: { provider: "bedrock", modelId: "fixture" },
    waitSeconds: 25,
    storeHours: 24,
    rates: { campaign: rate },
  };
  for (const [name, value] of Object.entries({
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL_DYNAMODB: `http://${at?.hostname}:${at?.port}`,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_SFN: states.endpoint,
    SST_RESOURCE_App: JSON.stringify({ name: "penstock", stage: "test" }),
    SST_RESOURCE_Pipelines: JSON.stringify({ machines: {} }),
    SST_RESOURCE_Assets: JSON.stringify(assets),
    SST_RESOURCE_Campaign: JSON.stringify(campaign),
    SST_RESOURCE_CampaignMachine: JSON.stringify({ arn: MACHINE }),
  }))
    vi.stubEnv(name, value);
  ({ handler } = await import("../../packages/api/src/handler.ts"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  tables.close();
  await states.close();
  await faux.stop();
});

const Body = v.looseObject({});

/** A request as API Gateway hands it over, of a person. */
async function ask(
  method: string,
  rawPath: string,
  body?: unknown,
  sub = "b0c1d2e3-0000-4000-8000-000000000000",
) {
  const {
    statusCode,
    headers,
    body: text,
  } = await handler({
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString: "",
    headers: { "content-type": "application/json" },
    isBase64Encoded: false,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    requestContext: {
      accountId: "0",
      apiId: "api",
      domainName: "api.example.com",
      domainPrefix: "api",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "" },
      requestId: "request-1",
      routeKey: "$default",
      stage: "$default",
      time: "",
      timeEpoch: Date.now(),
      ...{ authorizer: { jwt: { claims: { sub, username: "ana", scope: "penstock/campaigns" } } } },
    },
  });
  return { status: statusCode, headers, answer: v.parse(Body, JSON.parse(text ?? "")) };
}

/** Keeps what is written to the log from now on. @returns ends it, and has it */
function written(): () => string {
  const lines: string[] = [];
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  return () => {
    stdout.mockRestore();
    return lines.join("");
  };
}

it("a campaign is stored, started, waited for and shown; an equal request is answered from the store", async () => {
  const made = await ask("POST", "/api/campaign/tier-1", wantedCampaign);
  const again = await ask("POST", "/api/campaign/tier-1", wantedCampaign);
  const shown = await ask("GET", `/api/campaign/${made.answer.campaign_id}`);
  const others = await ask("GET", `/api/campaign/${made.answer.campaign_id}`, undefined, "someone-else");

  expect([made.status, made.answer.status]).toEqual([200, "completed"]);
  expect([again.status, again.answer, started.length]).toEqual([200, made.answer, 1]);
  expect([shown.status, shown.answer, others.status]).toEqual([200, made.answer, 404]);
  expect(started[0]).toMatchObject({ s3_bucket: "uploads", markets: ["DE", "JP"] });
  expect(faux.inspectQueue("images")?.messages.ready).toEqual([]);
});

it("a picture is recorded and queued, and the third at once is sent away, which is counted", async () => {
  const log = written();

  const asked = [];
  for (const prompt of ["A red cup", "A blue cup", "A green cup"])
    asked.push(await ask("POST", "/api/assets/", { prompt }));
  const lines = log();

  expect(asked.map(({ status }) => status)).toEqual([202, 202, 429]);
  expect(asked[2]?.headers?.["retry-after"]).toMatch(/^\d+$/);
  expect(lines).toContain('"Kind":"image","RateLimited":1');
  const queue = new SQSClient({ region: "us-east-1" });
  const { Messages = [] } = await queue.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
  );
  const messages: ImageMessage[] = Messages.map(({ Body: text = "" }) => JSON.parse(text));
  expect(messages).toHaveLength(2);
  expect(messages).toContainEqual({ version: 1, request_id: asked[0]?.answer.request_id });
  const shown = await ask("GET", String(asked[0]?.answer.status_url));
  expect(shown.answer).toMatchObject({ status: "pending", prompt: "A red cup" });
});

it("an upload has a form that S3 knows, nothing is there before it is sent, and not everybody may ask for ever", async () => {
  const form = await ask("POST", "/api/upload/presigned-url", { content_type: "image/png" });

  const log = written();
  const status = await ask("GET", String(form.answer.status_url));
  const again = await ask("GET", String(form.answer.status_url));
  const lines = log();

  // The campaigns before were two pictures that were judged.
  expect([form.status, status.status, again.status]).toEqual([200, 404, 429]);
  expect(lines).toContain('"Kind":"judge","RateLimited":1');
  expect(form.answer.url).toContain("/uploads");
});
