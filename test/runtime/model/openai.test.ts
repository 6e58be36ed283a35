import { once } from "node:events";
import { createServer } from "node:net";
import {
  AccessDenied,
  ModelOutputInvalid,
  ModelThrottled,
  Unexpected,
  UpstreamUnavailable,
} from "@penstock/runtime";
import { linkedModel, openAiModel } from "@penstock/runtime/model";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { offlineModel } from "../../../packages/local/src/cloud/bedrock/offline/local-model.ts";
import { openOpenAiService } from "../../../packages/local/src/cloud/bedrock/openai-service.ts";
import type { Listening } from "../../../packages/local/src/cloud/gateway/listen.ts";
import { ModelServer } from "../../copilot/model-server.ts";
import { form, request, settings, thing } from "./form.ts";

const server = new ModelServer();
let url = "";

beforeAll(async () => {
  url = await server.open();
});
beforeEach(() => {
  vi.stubEnv("OPENAI_BASE_URL", url);
  server.requests.length = 0;
  server.finishReason = "stop";
  server.reply = () => JSON.stringify({ things: [thing] });
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => server.close());

const complete = (wanted = request) =>
  openAiModel({ apiKey: "secret-key" }, "gpt-x", { seconds: 30 })
    .complete(wanted)
    .catch((error: unknown) => error);

describe("a model of OpenAI's", () => {
  test("is asked by chat completions with the form as a strict schema", async () => {
    const reply = await complete();

    expect(reply).toEqual({
      text: JSON.stringify({ things: [thing] }),
      model: "gpt-x",
      offline: false,
      usage: { inputTokens: 12, outputTokens: 3 },
    });
    expect(server.requests).toEqual([
      expect.objectContaining({
        path: "/v1/chat/completions",
        headers: expect.objectContaining({ authorization: "Bearer secret-key" }),
        body: {
          model: "gpt-x",
          messages: [
            { role: "system", content: "List things." },
            { role: "user", content: "An oak" },
          ],
          max_completion_tokens: 200,
          temperature: 0,
          response_format: {
            type: "json_schema",
            json_schema: {
              name: form.name,
              description: form.description,
              strict: true,
              schema: form.schema,
            },
          },
        },
      }),
    ]);
  });

  test.each([
    [401, {}, AccessDenied, 1],
    [403, {}, AccessDenied, 1],
    [404, {}, AccessDenied, 1],
    [400, {}, Unexpected, 1],
    [429, { code: "rate_limit_exceeded" }, ModelThrottled, 3],
    [429, { code: "insufficient_quota" }, AccessDenied, 3],
    [503, {}, UpstreamUnavailable, 3],
  ])("answers %i %o, which is named without what it said", async (status, error, name, calls) => {
    const message = "your key secret-key and your question";
    server.reply = () => ({
      status,
      body: JSON.stringify({ error: { message, ...error } }),
      headers: { "retry-after-ms": "1" },
    });

    const failure = await complete();

    expect(failure).toBeInstanceOf(name);
    expect(failure).not.toHaveProperty("cause");
    expect(String(failure)).not.toMatch(/secret-key|your question/);
    expect(server.requests).toHaveLength(calls);
  });

  test("may be cut off, withheld or say nothing: that is no output", async () => {
    const ending = (reason: string, text: string) => {
      server.finishReason = reason;
      server.reply = () => text;
      return complete();
    };

    expect(await ending("length", "{")).toBeInstanceOf(ModelOutputInvalid);
    expect(await ending("content_filter", "No")).toBeInstanceOf(ModelOutputInvalid);
    expect(await ending("stop", "")).toBeInstanceOf(ModelOutputInvalid);
    expect(await ending("tool_calls", "x")).toMatchObject({ usage: { inputTokens: 12, outputTokens: 3 } });
  });

  test("is given up when it is not there, or takes longer than a reply may", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    vi.stubEnv("OPENAI_BASE_URL", `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/v1`);
    const late: unknown = await openAiModel({ apiKey: "k" }, "gpt-x", { seconds: 0.2 })
      .complete(request)
      .catch((error: unknown) => error);
    silent.close();

    expect(late).toBeInstanceOf(UpstreamUnavailable);
    expect(String(late)).toMatch(/within 0.2 seconds/);
  });
});

test("a deployment names it, and links its key", async () => {
  vi.stubEnv("SST_RESOURCE_App", JSON.stringify({ name: "penstock", stage: "test" }));
  vi.stubEnv("SST_RESOURCE_OpenAiKey", JSON.stringify({ value: "linked-key" }));

  await linkedModel(settings).complete(request);

  expect(server.requests[0]?.headers.authorization).toBe("Bearer linked-key");
});

describe("the local cloud's API", () => {
  let local: Listening;
  beforeAll(async () => {
    local = await openOpenAiService(offlineModel);
  });
  beforeEach(() => {
    vi.stubEnv("OPENAI_BASE_URL", `${local.endpoint}/v1`);
  });
  afterAll(() => local.close());

  test("answers by the model of the local Bedrock, and says that it is none", async () => {
    const { answer: _, ...plain } = request;

    const reply = await complete({
      ...plain,
      system: "TABLE orders -- Orders\n  order_id varchar -- of it\n  counts boolean -- of it",
      messages: [{ role: "user", text: 'Question: "How many orders are there?"' }],
    });

    expect(reply).toMatchObject({
      text: JSON.stringify({ sql: "SELECT count(*) AS orders FROM orders WHERE counts" }),
      model: "penstock-offline-rules",
      offline: true,
    });
  });

  const post = (
    path: string,
    body: object,
    headers: Record<string, string> = { authorization: "Bearer x" },
  ) => fetch(`${local.endpoint}${path}`, { method: "POST", body: JSON.stringify(body), headers });

  test.each([
    ["another operation", "/v1/responses", {}, undefined, 404],
    ["no key", "/v1/chat/completions", {}, {}, 401],
    ["no message", "/v1/chat/completions", { model: "m", messages: [] }, undefined, 400],
    [
      "a tool, which it does not have",
      "/v1/chat/completions",
      { model: "m", messages: [{ role: "user", content: "a" }], tools: [] },
      undefined,
      400,
    ],
  ])("refuses %s", async (_, path, body, headers, status) => {
    const answer = await post(path, body, headers);

    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } });
  });
});
