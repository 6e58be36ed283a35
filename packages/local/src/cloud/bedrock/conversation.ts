import * as v from "valibot";
import { AwsError, NotImplemented } from "../gateway/aws-error.ts";
import type { Parameters } from "../gateway/json-service.ts";
import { Block, choiceOf, requireAnswered, ToolConfig, turnOf } from "./tools.ts";

/** The form of an answer: a name, what it is for, and its JSON Schema, an object's. */
export interface AnswerForm {
  readonly name: string;
  readonly description: string;
  readonly schema: Parameters;
}

/** A call of a tool. */
export interface ToolCall {
  /** Of this call; its result has the same. */
  readonly id: string;
  readonly name: string;
  readonly input: Parameters;
}

/** What came of a call. */
export interface ToolResult {
  readonly id: string;
  /** Its blocks, a line each, JSON as its text. */
  readonly text: string;
  readonly failed: boolean;
}

/** One turn of a conversation. */
export interface Turn {
  readonly role: "user" | "assistant";
  /** Its texts, a line each; "" where it has none. */
  readonly text: string;
  /** The tools that the assistant called. Absent where it called none. */
  readonly calls?: readonly ToolCall[];
  /** What came of the calls of the turn before. Absent where there were none. */
  readonly results?: readonly ToolResult[];
}

/** Tools that a model may choose among. */
export interface Tools {
  readonly specs: readonly AnswerForm[];
  /** Whether it must call one of them. */
  readonly mustCall: boolean;
}

/** What a model is asked, whoever it is: to answer with text, in a form, or with calls of tools. */
export interface Conversation {
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly stopSequences: readonly string[] | undefined;
  /** The form that the answer must have. */
  readonly form: AnswerForm | undefined;
  /** Absent where there is nothing to choose among; never beside a form. */
  readonly tools?: Tools;
}

/** What a model says. */
export interface Reply {
  /** The JSON of the form, where one was asked for. */
  readonly text: string;
  /** Tools that it calls, of those it was given or not; absent where it calls none. */
  readonly calls?: readonly Omit<ToolCall, "id">[];
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
const Request = v.strictObject({
  messages: v.pipe(
    v.array(
      v.strictObject({
        role: v.picklist(["user", "assistant"]),
        content: v.pipe(v.array(Block), v.minLength(1)),
      }),
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
  toolConfig: v.optional(ToolConfig),
  additionalModelResponseFieldPaths: v.optional(v.array(v.pipe(v.string(), v.startsWith("/")))),
});

/** Members of a request that would change what a model does, and are not there. */
const MISSING = ["guardrailConfig", "additionalModelRequestFields", "promptVariables", "outputConfig"];

/**
 * Reads the body of a Converse request.
 * @throws {AwsError} ValidationException with the place; NotImplemented for guardrails, images and documents
 */
export function conversationOf(body: Parameters): Conversation {
  const missing = MISSING.find((name) => body[name] !== undefined);
  if (missing !== undefined) throw new NotImplemented("bedrock", `Converse with ${missing}`);
  const parsed = v.safeParse(Request, body);
  if (!parsed.success) {
    const [first] = parsed.issues;
    const block = unknownBlock(body.messages);
    if (block !== undefined) throw new NotImplemented("bedrock", `Converse with blocks of ${block}`);
    throw invalid(`${v.getDotPath(first) ?? "the request"}: ${first.message}`);
  }
  const { messages, system, inferenceConfig, toolConfig } = parsed.output;
  messages.forEach(({ role }, at) => {
    if (role !== (at % 2 === 0 ? "user" : "assistant"))
      throw invalid(
        "A conversation must alternate between user and assistant roles, and start with the user.",
      );
  });
  if (messages.length % 2 === 0) throw invalid("The last turn of a conversation must be the user's.");
  const turns = messages.map(({ role, content }, at) => turnOf(role, content, at));
  requireAnswered(turns, toolConfig !== undefined);
  return {
    system: system.map(({ text }) => text).join("\n"),
    turns,
    maxTokens: inferenceConfig.maxTokens,
    temperature: inferenceConfig.temperature,
    topP: inferenceConfig.topP,
    stopSequences: inferenceConfig.stopSequences,
    form: undefined,
    ...choiceOf(toolConfig),
  };
}

/** Kinds of blocks that there are here. */
const BLOCKS = new Set(["text", "toolUse", "toolResult"]);

/** The first kind of block in a request that Bedrock has and the local cloud has not. */
function unknownBlock(messages: unknown): string | undefined {
  const Contents = v.array(v.object({ content: v.array(v.record(v.string(), v.unknown())) }));
  const parsed = v.safeParse(Contents, messages);
  if (!parsed.success) return undefined;
  const kinds = parsed.output.flatMap(({ content }) => content.flatMap((block) => Object.keys(block)));
  return kinds.find((kind) => !BLOCKS.has(kind));
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
