import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ToolConfiguration,
} from "@aws-sdk/client-bedrock-runtime";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { ModelOutputInvalid } from "@penstock/runtime";
import { bedrockModel, type TextModel } from "@penstock/runtime/model";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../../packages/local/src/cloud/index.ts";
import { ModelServer } from "../../copilot/model-server.ts";
import { clientsOf } from "../../local/clients.ts";
import * as graph from "../../local/small-graph.ts";
import { form, request, thing } from "./form.ts";

const server = new ModelServer();
const asks = {
  ...graph.lambda("Asks", "handler", { links: { OpenAiKey: { value: "local" } } }),
  handler: "test/runtime/model/asks-linked-model.handler",
};
let cloud: Cloud;
let client: BedrockRuntimeClient;
let model: TextModel;

beforeAll(async () => {
  const url = await server.open();
  cloud = await bootCloud(graph.graphOf([], [asks]), {
    root: graph.root,
    model: { url, name: "a-model", key: undefined },
  });
  client = new BedrockRuntimeClient({
    endpoint: cloud.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  model = bedrockModel(client, "us.amazon.nova-pro-v1:0", { seconds: 30 });
});
beforeEach(() => {
  server.requests.length = 0;
  server.finishReason = "stop";
});
afterAll(async () => {
  client.destroy();
  server.close();
  await cloud.close();
});

describe("the local Bedrock with an endpoint behind it", () => {
  test("asks for the form as a strict schema, and answers with the tool's call", async () => {
    const answer = { things: [thing] };
    server.reply = () => JSON.stringify(answer);

    const reply = await model.complete(request);

    expect(JSON.parse(reply.text)).toEqual(answer);
    expect(server.requests[0]?.body).toMatchObject({
      response_format: {
        type: "json_schema",
        json_schema: { name: form.name, description: form.description, strict: true, schema: form.schema },
      },
    });
  });

  test("answers what is no object as the text that it is", async () => {
    server.reply = () => "An oak";

    await expect(model.complete(request)).rejects.toBeInstanceOf(ModelOutputInvalid);
  });
});

test("a function whose model is OpenAI's reaches the same endpoint, by the local cloud's own API", async () => {
  server.reply = () => JSON.stringify({ things: [thing] });
  const lambda = clientsOf(cloud.endpoint).lambda;

  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: "Asks" }));

  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({
    text: JSON.stringify({ things: [thing] }),
    model: "a-model",
    offline: false,
    usage: { inputTokens: 12, outputTokens: 3 },
  });
  expect(server.requests[0]?.body).toMatchObject({ max_tokens: 200, model: "a-model" });
});

describe("a tool that is no form", () => {
  const json = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
  const toolSpec = { name: "t", inputSchema: { json } };
  const forced = { tools: [{ toolSpec }], toolChoice: { tool: { name: "t" } } };
  const send = (toolConfig: ToolConfiguration) =>
    client
      .send(
        new ConverseCommand({
          modelId: "m",
          messages: [{ role: "user", content: [{ text: "Hello" }] }],
          toolConfig,
        }),
      )
      .catch((error: unknown) => error);

  test.each<[string, ToolConfiguration, string]>([
    [
      "one of several",
      { ...forced, tools: [{ toolSpec }, { toolSpec: { ...toolSpec, name: "u" } }] },
      "NotImplemented",
    ],
    [
      "another name than the tool's",
      { ...forced, toolChoice: { tool: { name: "u" } } },
      "ValidationException",
    ],
    [
      "a schema with members that Nova refuses",
      {
        ...forced,
        tools: [{ toolSpec: { ...toolSpec, inputSchema: { json: { ...json, title: "T" } } } }],
      },
      "ValidationException",
    ],
  ])("%s: %s", async (_, toolConfig, name) => {
    expect(await send(toolConfig)).toMatchObject({ name });
  });
});
