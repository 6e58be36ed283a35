import { once } from "node:events";
import { createServer } from "node:net";
import { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { AccessDenied, ModelOutputInvalid, ModelThrottled, UpstreamUnavailable } from "@penstock/runtime";
import { bedrockModel } from "@penstock/runtime/model";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  InvalidModelEndpoint,
  modelEndpoint,
} from "../../packages/local/src/cloud/bedrock/chat-completions.ts";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import * as graph from "../local/small-graph.ts";
import { ModelServer } from "./model-server.ts";

const modelId = "us.amazon.nova-pro-v1:0";
const server = new ModelServer();
let offline: Cloud;
let forwarding: Cloud;
const clients: BedrockRuntimeClient[] = [];

/** The SDK's client as it is, over HTTP/2. */
function bedrock(cloud: Cloud): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    endpoint: cloud.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  clients.push(client);
  return client;
}

const user = (text: string) => ({ role: "user" as const, content: [{ text }] });
const request = {
  system: "Be brief.",
  messages: [{ role: "user", text: "Hello" }],
  maxTokens: 9,
  temperature: 0,
} as const;

beforeAll(async () => {
  vi.stubEnv("PENSTOCK_MODEL_URL", "");
  const url = await server.open();
  offline = await bootCloud(graph.graphOf([]), { root: graph.root });
  forwarding = await bootCloud(graph.graphOf([]), {
    root: graph.root,
    model: { url, name: "a-model", key: "secret-key" },
  });
});
beforeEach(() => {
  server.requests.length = 0;
  server.finishReason = "stop";
  server.reply = () => "Hello yourself";
});
afterAll(async () => {
  vi.unstubAllEnvs();
  for (const client of clients) client.destroy();
  server.close();
  await Promise.all([offline.close(), forwarding.close()]);
});

describe("the offline model", () => {
  test("says in every answer that it is none, whatever it is asked", async () => {
    const answer = await bedrock(offline).send(
      new ConverseCommand({ modelId, messages: [user("Write a poem")] }),
    );

    expect(answer).toMatchObject({
      output: {
        message: { role: "assistant", content: [{ text: expect.stringContaining("offline model") }] },
      },
      stopReason: "end_turn",
      additionalModelResponseFields: { offline: true, name: "penstock-offline-rules" },
    });
    expect(answer.usage?.totalTokens).toBeGreaterThan(0);
  });

  test("writes queries over whatever tables stand in the prompt, and over no others", async () => {
    const asked = (columns: string[]) =>
      bedrockModel(bedrock(offline), modelId, { seconds: 30 }).complete({
        ...request,
        system: ["TABLE orders -- Orders", ...columns.map((column) => `  ${column} varchar -- of it`)].join(
          "\n",
        ),
        messages: [{ role: "user", text: 'Question: "How many orders are there by region?"' }],
      });

    const [known, unknown] = await Promise.all([
      asked(["order_id", "counts", "region"]),
      asked(["order_id", "counts"]),
    ]);

    expect(JSON.parse(known.text)).toEqual({
      sql: "SELECT region, count(*) AS orders FROM orders WHERE counts GROUP BY region ORDER BY orders DESC, region",
    });
    expect(known).toMatchObject({ offline: true, model: "penstock-offline-rules" });
    expect(JSON.parse(unknown.text)).toEqual({ cannot: "no table tells orders together with region." });
  });
});

describe("a model behind an OpenAI-compatible API", () => {
  test("is asked what Bedrock was asked, with its key, and answers under its own name", async () => {
    const reply = await bedrockModel(bedrock(forwarding), modelId, { seconds: 30 }).complete({
      ...request,
      messages: [
        { role: "user", text: "Hello" },
        { role: "assistant", text: "Yes?" },
        { role: "user", text: "Again" },
      ],
    });

    expect(reply).toEqual({
      text: "Hello yourself",
      model: "a-model",
      offline: false,
      usage: { inputTokens: 12, outputTokens: 3 },
    });
    expect(server.requests).toEqual([
      expect.objectContaining({
        path: "/v1/chat/completions",
        headers: expect.objectContaining({ authorization: "Bearer secret-key" }),
        body: {
          model: "a-model",
          max_tokens: 9,
          temperature: 0,
          messages: [
            { role: "system", content: "Be brief." },
            { role: "user", content: "Hello" },
            { role: "assistant", content: "Yes?" },
            { role: "user", content: "Again" },
          ],
        },
      }),
    ]);
  });

  test.each([
    [429, ModelThrottled],
    [401, AccessDenied],
    [500, UpstreamUnavailable],
    [404, UpstreamUnavailable],
  ])("answers %i, which is named without what it said", async (status, name) => {
    server.reply = () => ({ status, body: "your key secret-key and your question" });

    const failure: unknown = await bedrockModel(bedrock(forwarding), modelId, { seconds: 30 })
      .complete(request)
      .catch((error) => error);

    expect(failure).toBeInstanceOf(name);
    expect(String(failure)).not.toMatch(/secret-key|your question/);
  });

  test("may be cut off, withheld, or answer something else: that is no output", async () => {
    const model = bedrockModel(bedrock(forwarding), modelId, { seconds: 30 });
    const ending = async (reason: string, text: string) => {
      server.finishReason = reason;
      server.reply = () => text;
      return model.complete(request).catch((error: unknown) => error);
    };

    expect(await ending("length", "Half of")).toBeInstanceOf(ModelOutputInvalid);
    expect(await ending("content_filter", "No")).toBeInstanceOf(ModelOutputInvalid);
    expect(await ending("stop", "")).toBeInstanceOf(ModelOutputInvalid);
    expect(await ending("tool_calls", "x")).toBeInstanceOf(UpstreamUnavailable);
    server.reply = () => ({ status: 200, body: "<html>" });
    expect(await model.complete(request).catch((error: unknown) => error)).toBeInstanceOf(
      UpstreamUnavailable,
    );
  });

  test("is given up when it takes longer than a reply may", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const client = new BedrockRuntimeClient({
      endpoint: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });

    const failure: unknown = await bedrockModel(client, modelId, { seconds: 0.1 })
      .complete(request)
      .catch((error) => error);
    client.destroy();
    silent.close();

    expect(failure).toBeInstanceOf(UpstreamUnavailable);
    expect(String(failure)).toMatch(/did not reply within 0.1 seconds/);
  });

  test("is named by three variables, of which the name must be there", () => {
    const url = "http://127.0.0.1:9/v1";

    expect(modelEndpoint({})).toBeUndefined();
    expect(modelEndpoint({ PENSTOCK_MODEL_URL: url, PENSTOCK_MODEL_NAME: "m" })).toEqual({
      url,
      name: "m",
      key: undefined,
    });
    expect(() => modelEndpoint({ PENSTOCK_MODEL_URL: url })).toThrow(InvalidModelEndpoint);
    expect(() => modelEndpoint({ PENSTOCK_MODEL_URL: "file:///etc", PENSTOCK_MODEL_NAME: "m" })).toThrow(
      InvalidModelEndpoint,
    );
  });
});

describe("a call that is wrong", () => {
  const send = (input: object) =>
    bedrock(offline)
      .send(new ConverseCommand({ modelId, messages: [user("Hello")], ...input }))
      .catch((error: unknown) => error);

  test.each([
    ["no message", { messages: [] }],
    ["two turns of the user's", { messages: [user("a"), user("b")] }],
    [
      "the assistant's turn at the end",
      { messages: [user("a"), { role: "assistant", content: [{ text: "b" }] }] },
    ],
    ["a temperature above 1", { inferenceConfig: { temperature: 2 } }],
  ])("%s: a ValidationException", async (_, input) => {
    expect(await send(input)).toMatchObject({
      name: "ValidationException",
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each([
    ["a guardrail", { guardrailConfig: { guardrailIdentifier: "g", guardrailVersion: "1" } }],
    [
      "an image",
      {
        messages: [
          { role: "user", content: [{ image: { format: "png", source: { bytes: new Uint8Array(1) } } }] },
        ],
      },
    ],
  ])("%s: NotImplemented, since it is not there", async (_, input) => {
    expect(await send(input)).toMatchObject({ name: "NotImplemented" });
  });

  test("another operation is NotImplemented too", async () => {
    const invoke = bedrock(offline).send(new InvokeModelCommand({ modelId, body: "{}" }));

    await expect(invoke).rejects.toMatchObject({ name: "NotImplemented" });
  });
});
