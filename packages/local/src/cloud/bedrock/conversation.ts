import * as v from "valibot";
import { AwsError, NotImplemented } from "../gateway/aws-error.ts";
import type { Parameters } from "../gateway/json-service.ts";

/** The form of an answer: a name, what it is for, and its JSON Schema, an object's. */
export interface AnswerForm {
  readonly name: string;
  readonly description: string;
  readonly schema: Parameters;
}

/** What a model is asked, whoever it is. Of tools there is one kind: the form that its answer must have. */
export interface Conversation {
  readonly system: string;
  readonly turns: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly stopSequences: readonly string[] | undefined;
  readonly form: AnswerForm | undefined;
}

/** What a model says. */
export interface Reply {
  /** The JSON of the form, where one was asked for. */
  readonly text: string;
  readonly stopReason: "end_turn" | "max_tokens" | "content_filtered";
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A model behind the local Bedrock. */
export interface LocalModel {
  readonly name: string;
  /** True for what follows rules and is no language model. */
  readonly offline: boolean;
  /** @throws {AwsError} as Bedrock names what is wrong */
  readonly reply: (conversation: Conversation) => Promise<Reply>;
}

const texts = v.array(v.strictObject({ text: v.string() }));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const OneTool = v.strictObject({
  tools: v.strictTuple([
    v.strictObject({
      toolSpec: v.strictObject({
        name: v.pipe(v.string(), v.regex(/^[a-zA-Z0-9_-]{1,64}$/)),
        description: v.optional(v.string(), ""),
        // Amazon Nova refuses every other member at the top of a schema.
        inputSchema: v.strictObject({
          json: v.strictObject({
            type: v.literal("object"),
            properties: v.record(v.string(), v.unknown()),
            required: v.optional(v.array(v.string())),
          }),
        }),
      }),
    }),
  ]),
  toolChoice: v.strictObject({ tool: v.strictObject({ name: v.string() }) }),
});
const Request = v.strictObject({
  messages: v.pipe(
    v.array(
      v.strictObject({ role: v.picklist(["user", "assistant"]), content: v.pipe(texts, v.minLength(1)) }),
    ),
    v.minLength(1),
  ),
  system: v.optional(texts, []),
  inferenceConfig: v.optional(
    v.strictObject({
      maxTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      temperature: v.optional(share),
      topP: v.optional(share),
      stopSequences: v.optional(v.array(v.string())),
    }),
    {},
  ),
  toolConfig: v.optional(OneTool),
  additionalModelResponseFieldPaths: v.optional(v.array(v.pipe(v.string(), v.startsWith("/")))),
});

/** Members of a request that would change what a model does, and are not there. */
const MISSING = ["guardrailConfig", "additionalModelRequestFields", "promptVariables", "outputConfig"];

/**
 * Reads the body of a Converse request.
 * @throws {AwsError} ValidationException with the place; NotImplemented for guardrails, images, and tools that a model
 * may choose among
 */
export function conversationOf(body: Parameters): Conversation {
  const missing = MISSING.find((name) => body[name] !== undefined);
  if (missing !== undefined) throw new NotImplemented("bedrock", `Converse with ${missing}`);
  if (body.toolConfig !== undefined && !isForced(body.toolConfig))
    throw new NotImplemented("bedrock", "Converse with toolConfig other than one tool that must be called");
  const parsed = v.safeParse(Request, body);
  if (!parsed.success) {
    const [first] = parsed.issues;
    const paths = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the request");
    const block = paths.find((path) => /content\.\d+\.(?!text$)/.test(path));
    if (block !== undefined) throw new NotImplemented("bedrock", `Converse with ${block}`);
    throw invalid(`${paths[0]}: ${first.message}`);
  }
  const { messages, system, inferenceConfig, toolConfig } = parsed.output;
  messages.forEach(({ role }, at) => {
    if (role !== (at % 2 === 0 ? "user" : "assistant"))
      throw invalid(
        "A conversation must alternate between user and assistant roles, and start with the user.",
      );
  });
  if (messages.length % 2 === 0) throw invalid("The last turn of a conversation must be the user's.");
  return {
    system: system.map(({ text }) => text).join("\n"),
    turns: messages.map(({ role, content }) => ({ role, text: content.map(({ text }) => text).join("\n") })),
    maxTokens: inferenceConfig.maxTokens,
    temperature: inferenceConfig.temperature,
    topP: inferenceConfig.topP,
    stopSequences: inferenceConfig.stopSequences,
    form: formOf(toolConfig),
  };
}

/** Whether a toolConfig asks for what is there: one tool, and that the model calls it. */
function isForced(toolConfig: unknown): boolean {
  const forced = v.object({
    tools: v.strictTuple([v.unknown()]),
    toolChoice: v.object({ tool: v.unknown() }),
  });
  return v.is(forced, toolConfig);
}

function formOf(toolConfig: v.InferOutput<typeof OneTool> | undefined): AnswerForm | undefined {
  if (toolConfig === undefined) return undefined;
  const [{ toolSpec }] = toolConfig.tools;
  if (toolConfig.toolChoice.tool.name !== toolSpec.name)
    throw invalid("toolConfig.toolChoice.tool.name: there is no tool of that name.");
  return { name: toolSpec.name, description: toolSpec.description, schema: toolSpec.inputSchema.json };
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
