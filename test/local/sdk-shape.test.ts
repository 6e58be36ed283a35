import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AwsClients } from "../../packages/local/src/cloud/aws-clients.ts";
import { alsoHttp2 } from "../../packages/local/src/cloud/gateway/also-http2.ts";
import { CredentialIssuer } from "../../packages/local/src/cloud/gateway/credentials.ts";
import { type Listening, listen } from "../../packages/local/src/cloud/gateway/listen.ts";
import { taskServices } from "../../packages/local/src/cloud/integrations/task-services.ts";
import { parseResource } from "../../packages/local/src/engine/index.ts";

const RESOURCE = "arn:aws:states:::aws-sdk:bedrockruntime:converse";

/** What Bedrock was asked, byte for byte, and what it answers. */
let asked: { path: string; body: string }[] = [];
let answer: { status: number; type?: string; body: object };
let server: Listening;
let clients: AwsClients;
let endSessions: () => void;

/** Runs the task as Step Functions does; what it fails with, where it fails. */
async function converse(given: object): Promise<unknown> {
  const target = parseResource(RESOURCE);
  if (target === undefined) throw new Error(`${RESOURCE} is no resource`);
  const execution = {
    arn: "arn:e",
    name: "e",
    machineArn: "arn:m",
    machineName: "m",
    roleArn: "arn:aws:iam::000000000000:role/m",
  };
  return taskServices(clients, () => undefined)
    .call({
      resource: RESOURCE,
      target,
      arguments: given,
      signal: new AbortController().signal,
      execution,
      state: { name: "Converse", retryCount: 0 },
      submitted: () => undefined,
    })
    .catch((error: unknown) => error);
}

const said = {
  output: { message: { role: "assistant", content: [{ text: "Hello" }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 12, outputTokens: 3, totalTokens: 15 },
  metrics: { latencyMs: 7 },
};

beforeAll(async () => {
  const http = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ path: request.url ?? "", body: Buffer.concat(chunks).toString("utf8") });
    const error = answer.type === undefined ? {} : { "x-amzn-errortype": answer.type };
    response
      .writeHead(answer.status, { "content-type": "application/json", ...error })
      .end(JSON.stringify(answer.body));
  });
  endSessions = alsoHttp2(http);
  server = await listen(http, 0);
  clients = new AwsClients(server.endpoint, "us-east-1", new CredentialIssuer());
});
beforeEach(() => {
  asked = [];
  answer = { status: 200, body: said };
});
afterAll(async () => {
  clients.close();
  endSessions();
  await server.close();
});

describe("aws-sdk:bedrockruntime:converse", () => {
  test("asks what stands in PascalCase in the state, documents with the keys that they have", async () => {
    const schema = {
      type: "object",
      properties: { max_labels: { type: "integer" }, ToolUse: { type: "null" } },
      required: ["max_labels"],
    };

    await converse({
      ModelId: "us.amazon.nova-pro-v1:0",
      System: [{ Text: "Be brief." }],
      Messages: [
        { Role: "user", Content: [{ Text: "Hello" }] },
        {
          Role: "assistant",
          Content: [
            {
              ToolUse: {
                ToolUseId: "t1",
                Name: "look",
                Input: { keywords: null, Text: "kept", deep: [{ Name: 1.5, role: [] }, null, ""] },
              },
            },
          ],
        },
        {
          Role: "user",
          Content: [{ ToolResult: { ToolUseId: "t1", Status: "success", Content: [{ Text: "A cup" }] } }],
        },
      ],
      ToolConfig: {
        Tools: [{ ToolSpec: { Name: "look", Description: "Looks", InputSchema: { Json: schema } } }],
        ToolChoice: { Auto: {} },
      },
      InferenceConfig: { MaxTokens: 3000, Temperature: 0 },
    });

    expect(asked.map(({ path }) => path)).toEqual(["/model/us.amazon.nova-pro-v1%3A0/converse"]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      system: [{ text: "Be brief." }],
      messages: [
        { role: "user", content: [{ text: "Hello" }] },
        {
          role: "assistant",
          content: [
            {
              toolUse: {
                toolUseId: "t1",
                name: "look",
                input: { keywords: null, Text: "kept", deep: [{ Name: 1.5, role: [] }, null, ""] },
              },
            },
          ],
        },
        {
          role: "user",
          content: [{ toolResult: { toolUseId: "t1", status: "success", content: [{ text: "A cup" }] } }],
        },
      ],
      toolConfig: {
        tools: [{ toolSpec: { name: "look", description: "Looks", inputSchema: { json: schema } } }],
        toolChoice: { auto: {} },
      },
      inferenceConfig: { maxTokens: 3000, temperature: 0 },
    });
  });

  test("gives the answer in PascalCase, documents with the keys that they have, and nothing that was not said", async () => {
    const input = { max_labels: 20, keywords: null, Name: { text: ["a", {}] } };
    const block = { toolUse: { toolUseId: "t1", name: "look", input, type: "server_tool_use" } };
    answer.body = {
      ...said,
      output: { message: { role: "assistant", content: [{ text: "Let me see" }, block] } },
      stopReason: "tool_use",
      additionalModelResponseFields: { offline: true, name: "rules" },
    };

    expect(await converse({ ModelId: "m", Messages: [{ Role: "user", Content: [{ Text: "?" }] }] })).toEqual({
      Output: {
        Message: {
          Role: "assistant",
          Content: [
            { Text: "Let me see" },
            { ToolUse: { ToolUseId: "t1", Name: "look", Input: input, Type: "server_tool_use" } },
          ],
        },
      },
      StopReason: "tool_use",
      Usage: { InputTokens: 12, OutputTokens: 3, TotalTokens: 15 },
      Metrics: { LatencyMs: 7 },
      AdditionalModelResponseFields: { offline: true, name: "rules" },
    });
  });

  test.each([
    [429, "ThrottlingException"],
    [400, "ValidationException"],
    [403, "AccessDeniedException"],
    [408, "ModelTimeoutException"],
    [424, "ModelErrorException"],
    [429, "ModelNotReadyException"],
    [500, "InternalServerException"],
    [503, "ServiceUnavailableException"],
    [404, "ResourceNotFoundException"],
  ])("fails with status %i as BedrockRuntime.%s", async (status, type) => {
    answer = { status, type, body: { message: "Said why" } };

    expect(
      await converse({ ModelId: "m", Messages: [{ Role: "user", Content: [{ Text: "?" }] }] }),
    ).toMatchObject({
      error: `BedrockRuntime.${type}`,
      failureCause: expect.stringMatching(/^Said why \(Service: BedrockRuntime, Status Code: \d+/),
    });
    expect(asked).toHaveLength(1);
  });

  test("fails as BedrockRuntime.BedrockRuntimeException for an error that its API does not have", async () => {
    answer = { status: 501, type: "NotImplemented", body: { message: "Not here" } };

    expect(
      await converse({ ModelId: "m", Messages: [{ Role: "user", Content: [{ Text: "?" }] }] }),
    ).toMatchObject({ error: "BedrockRuntime.BedrockRuntimeException" });
  });

  test.each([
    ["in camelCase", { ModelId: "m", messages: [] }, "messages"],
    [
      "that a block has not",
      { ModelId: "m", Messages: [{ Role: "user", Content: [{ Words: "?" }] }] },
      "Words",
    ],
    [
      "in camelCase deep inside",
      { ModelId: "m", Messages: [{ Role: "user", Content: [{ ToolUse: { toolUseId: "t" } }] }] },
      "toolUseId",
    ],
  ])("is not asked with members %s", async (_, given, name) => {
    expect(await converse(given)).toMatchObject({
      error: "States.Runtime",
      failureCause: expect.stringContaining(`"${name}"`),
    });
    expect(asked).toEqual([]);
  });
});
