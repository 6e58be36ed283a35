import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  InvokeModelCommand,
  type Message,
  type ToolConfiguration,
} from "@aws-sdk/client-bedrock-runtime";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { ModelServer } from "../copilot/model-server.ts";
import * as graph from "./small-graph.ts";

const server = new ModelServer();
let forwarding: Cloud;
let offline: Cloud;
const clients: BedrockRuntimeClient[] = [];

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

const json = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
const tool = (name: string) => ({ toolSpec: { name, description: `Does ${name}`, inputSchema: { json } } });
const toolConfig: ToolConfiguration = { tools: [tool("look"), tool("find")] };
const user = (...content: ContentBlock[]): Message => ({ role: "user", content });
const assistant = (...content: ContentBlock[]): Message => ({ role: "assistant", content });
const use = (toolUseId: string, name = "look"): ContentBlock => ({
  toolUse: { toolUseId, name, input: { a: "b" } },
});
const result = (toolUseId: string, text = "Seen"): ContentBlock => ({
  toolResult: { toolUseId, content: [{ text }], status: "success" },
});

/** What the model is told; what it fails with, where it fails. */
const send = (messages: Message[], config: ToolConfiguration | undefined = toolConfig) =>
  bedrock(forwarding)
    .send(new ConverseCommand({ modelId: "m", messages, ...(config && { toolConfig: config }) }))
    .catch((error: unknown) => error);

beforeAll(async () => {
  vi.stubEnv("PENSTOCK_MODEL_URL", "");
  const url = await server.open();
  offline = await bootCloud(graph.graphOf([]), { root: graph.root });
  forwarding = await bootCloud(graph.graphOf([]), {
    root: graph.root,
    model: { url, name: "a-model", key: undefined },
  });
});
beforeEach(() => {
  server.requests.length = 0;
  server.finishReason = "stop";
  server.calls = [];
  server.reply = () => "Done";
});
afterAll(async () => {
  vi.unstubAllEnvs();
  for (const client of clients) client.destroy();
  server.close();
  await Promise.all([offline.close(), forwarding.close()]);
});

describe("Converse with tools to choose among", () => {
  test("gives a model behind an OpenAI-compatible API the tools, the calls and the results", async () => {
    await send([
      user({ text: "Look" }),
      assistant({ text: "I look" }, use("t1"), use("t2", "find")),
      user(result("t1"), result("t2", "Found"), { text: "Go on" }),
    ]);

    expect(server.requests[0]?.body).toEqual({
      model: "a-model",
      messages: [
        { role: "user", content: "Look" },
        {
          role: "assistant",
          content: "I look",
          tool_calls: [
            { id: "t1", type: "function", function: { name: "look", arguments: '{"a":"b"}' } },
            { id: "t2", type: "function", function: { name: "find", arguments: '{"a":"b"}' } },
          ],
        },
        { role: "tool", tool_call_id: "t1", content: "Seen" },
        { role: "tool", tool_call_id: "t2", content: "Found" },
        { role: "user", content: "Go on" },
      ],
      tools: [
        { type: "function", function: { name: "look", description: "Does look", parameters: json } },
        { type: "function", function: { name: "find", description: "Does find", parameters: json } },
      ],
      tool_choice: "auto",
    });
  });

  test("answers with its calls, each with an id of its own", async () => {
    server.finishReason = "tool_calls";
    server.calls = [
      { name: "look", arguments: '{"a":"x","n":null}' },
      { name: "find", arguments: "{}" },
    ];
    server.reply = () => "";

    const answer = await send([user({ text: "Look" })], { ...toolConfig, toolChoice: { any: {} } });

    expect(server.requests[0]?.body).toMatchObject({ tool_choice: "required" });
    expect(answer).toMatchObject({
      stopReason: "tool_use",
      output: {
        message: {
          role: "assistant",
          content: [
            { toolUse: { toolUseId: expect.any(String), name: "look", input: { a: "x", n: null } } },
            { toolUse: { toolUseId: expect.any(String), name: "find", input: {} } },
          ],
        },
      },
    });
    const ids = new Set(JSON.stringify(answer).match(/tooluse_[0-9a-f-]{36}/g));
    expect(ids.size).toBe(2);
  });

  test("answers with text where the model calls nothing", async () => {
    expect(await send([user({ text: "Look" })])).toMatchObject({
      stopReason: "end_turn",
      output: { message: { content: [{ text: "Done" }] } },
    });
  });

  test.each([
    ["are no JSON", "{", "tool_calls", "ModelErrorException"],
    ["are no object", "[1]", "tool_calls", "ModelErrorException"],
  ])("fails as Nova's does for arguments that %s", async (_, text, finish, name) => {
    server.finishReason = finish;
    server.calls = [{ name: "look", arguments: text }];

    expect(await send([user({ text: "Look" })])).toMatchObject({ name });
  });

  test("has no calls in an answer that was cut off", async () => {
    server.finishReason = "length";
    server.calls = [{ name: "look", arguments: '{"a":"' }];
    server.reply = () => "I lo";

    expect(await send([user({ text: "Look" })])).toMatchObject({
      stopReason: "max_tokens",
      output: { message: { content: [{ text: "I lo" }] } },
    });
  });
});

describe("Converse refuses with a ValidationException", () => {
  test.each<[string, Message[], RegExp, ToolConfiguration | undefined]>([
    [
      "a call that nobody answers",
      [user({ text: "a" }), assistant(use("t1"), use("t2")), user(result("t1"))],
      /Expected toolResult blocks at messages\.2\.content for the following Ids: t2/,
      toolConfig,
    ],
    [
      "a result of no call",
      [user({ text: "a" }), assistant(use("t1")), user(result("t1"), result("t9"))],
      /number of toolResult blocks at messages\.2\.content exceeds/,
      toolConfig,
    ],
    [
      "two calls with one id",
      [user({ text: "a" }), assistant(use("t1"), use("t1")), user(result("t1"))],
      /duplicate Ids/,
      toolConfig,
    ],
    [
      "calls and results without the tools",
      [user({ text: "a" }), assistant(use("t1")), user(result("t1"))],
      /toolConfig field must be defined/,
      undefined,
    ],
    [
      "a blank text",
      [user({ text: " \n" })],
      /The text field in the ContentBlock object .* is blank/,
      toolConfig,
    ],
    ["a call in the user's turn", [user(use("t1"))], /toolUse/, toolConfig],
    [
      "a result in the assistant's turn",
      [user({ text: "a" }), assistant(result("t1")), user({ text: "b" })],
      /toolResult/,
      toolConfig,
    ],
    ["two tools of one name", [user({ text: "a" })], /same name/, { tools: [tool("look"), tool("look")] }],
  ])("%s", async (_, messages, message, config) => {
    const error = await bedrock(forwarding)
      .send(new ConverseCommand({ modelId: "m", messages, ...(config && { toolConfig: config }) }))
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: "ValidationException", message: expect.stringMatching(message) });
    expect(server.requests).toEqual([]);
  });
});

describe("InvokeModel draws offline", () => {
  const invoke = async (modelId: string, body: object) => {
    const answer = await bedrock(offline).send(
      new InvokeModelCommand({ modelId, contentType: "application/json", body: JSON.stringify(body) }),
    );
    return JSON.parse(Buffer.from(answer.body).toString("utf8"));
  };
  const sizeOf = async (base64: string) => {
    const { format, width, height } = await sharp(Buffer.from(base64, "base64")).metadata();
    return { format, width, height };
  };
  const core = "stability.stable-image-core-v1:1";
  const canvas = "amazon.nova-canvas-v1:0";

  test("in Stability's form, as wide as is wanted, the same for the same seed, and says that no model drew it", async () => {
    const body = { prompt: "A red cup", aspect_ratio: "16:9", output_format: "png", seed: 7 };

    const drawn = await invoke(core, body);
    const again = await invoke(core, body);
    const other = await invoke(core, { ...body, seed: 8 });

    expect(drawn).toEqual({
      seeds: [7],
      finish_reasons: [null],
      images: [expect.any(String)],
      offline: true,
    });
    expect(await sizeOf(drawn.images[0])).toEqual({ format: "png", width: 1664, height: 896 });
    expect(again.images).toEqual(drawn.images);
    expect(other.images).not.toEqual(drawn.images);
  });

  test("in Nova Canvas' form, in the size that is wanted", async () => {
    const drawn = await invoke(canvas, {
      taskType: "TEXT_IMAGE",
      textToImageParams: { text: "A red cup", style: "PHOTOREALISM" },
      imageGenerationConfig: {
        numberOfImages: 1,
        quality: "standard",
        width: 720,
        height: 1280,
        cfgScale: 7,
        seed: 3,
      },
    });

    expect(drawn).toEqual({ images: [expect.any(String)], error: null, offline: true });
    expect(await sizeOf(drawn.images[0])).toEqual({ format: "png", width: 720, height: 1280 });
  });

  test.each<[string, string, object]>([
    ["no prompt", core, { aspect_ratio: "1:1" }],
    ["an aspect ratio that there is not", core, { prompt: "a", aspect_ratio: "7:3" }],
    ["another adapter's members", core, { taskType: "TEXT_IMAGE", textToImageParams: { text: "a" } }],
    [
      "a text of 1,025 characters",
      canvas,
      { taskType: "TEXT_IMAGE", textToImageParams: { text: "a".repeat(1025) } },
    ],
    [
      "a side that is no multiple of 16",
      canvas,
      {
        taskType: "TEXT_IMAGE",
        textToImageParams: { text: "a" },
        imageGenerationConfig: { width: 1000, height: 1024 },
      },
    ],
  ])("and refuses %s", async (_, modelId, body) => {
    await expect(invoke(modelId, body)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("Malformed input request"),
    });
  });

  test("nothing with a model that does not draw", async () => {
    await expect(invoke("us.amazon.nova-pro-v1:0", { prompt: "a" })).rejects.toMatchObject({
      name: "NotImplemented",
    });
  });
});
