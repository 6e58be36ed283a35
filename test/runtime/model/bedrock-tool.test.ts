import { ModelOutputInvalid, UpstreamUnavailable } from "@penstock/runtime";
import { bedrockModel, newBedrockClient, type TextModel } from "@penstock/runtime/model";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ConverseServer, call, type Said } from "./converse-server.ts";
import { form, request, thing } from "./form.ts";

const server = new ConverseServer();
let model: TextModel;

beforeAll(async () => {
  vi.stubEnv("AWS_ENDPOINT_URL", await server.open());
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
  model = bedrockModel(newBedrockClient("us-east-1"), "us.amazon.nova-pro-v1:0", { seconds: 30 });
});
beforeEach(() => {
  server.asked.length = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const answer = { things: [thing] };
const replying = (said: Said) => {
  server.say = () => said;
  return model.complete(request).catch((error: unknown) => error);
};

test("a form is the one tool that must be called, with no member that Nova refuses", async () => {
  await replying({ content: [call(form.name, answer)] });

  const { type, properties, required } = form.schema;
  expect(server.asked[0]?.form).toEqual({
    name: form.name,
    description: form.description,
    schema: { type, properties, required },
  });
});

test("the call's input is the answer; thinking aloud beside it is dropped", async () => {
  const reply = await replying({
    content: [{ text: "<thinking>An oak is a plant.</thinking>" }, call(form.name, answer)],
  });

  expect(reply).toEqual({
    text: JSON.stringify(answer),
    model: "us.amazon.nova-pro-v1:0",
    offline: false,
    usage: { inputTokens: 100, outputTokens: 10 },
  });
});

test.each<[string, Said]>([
  ["another tool", { content: [call("send_mail", { to: "a@b.c" })] }],
  ["several calls", { content: [call(form.name, answer), call(form.name, answer)] }],
  ["another tool beside it", { content: [call(form.name, answer), call("send_mail", {})] }],
  ["prose", { content: [{ text: "There is an oak." }] }],
  ["JSON as text", { content: [{ text: JSON.stringify(answer) }] }],
  ["nothing", { content: [] }],
  ["a call that was cut off", { content: [call(form.name, answer)], stopReason: "max_tokens" }],
  ["what a guardrail withheld", { content: [{ text: "No." }], stopReason: "guardrail_intervened" }],
])("%s is no answer", async (_, said) => {
  const failure = await replying(said);

  expect(failure).toBeInstanceOf(ModelOutputInvalid);
  expect(failure).toMatchObject({ usage: { inputTokens: 100, outputTokens: 10 } });
});

test("Nova's own failure over a tool's input that is too long is no answer either, others pass", async () => {
  const failing = (message: string) => replying({ error: "ModelErrorException", message, status: 424 });

  const broken = await failing(
    "The model produced an invalid sequence as part of ToolUse. Please refer to the guide.",
  );
  const passing = await failing("The model could not be asked.");

  expect(broken).toBeInstanceOf(ModelOutputInvalid);
  expect(passing).toBeInstanceOf(UpstreamUnavailable);
});

test("a question without a form is still text, and a tool's call no answer to it", async () => {
  const { answer: _, ...plain } = request;
  server.say = () => ({ content: [{ text: "An " }, { text: "oak" }] });
  const text = await model.complete(plain);
  server.say = () => ({ content: [call("send_mail", {})] });
  const tool = await model.complete(plain).catch((error: unknown) => error);

  expect(text.text).toBe("An oak");
  expect(server.asked[0]?.form).toBeUndefined();
  expect(tool).toBeInstanceOf(ModelOutputInvalid);
});
