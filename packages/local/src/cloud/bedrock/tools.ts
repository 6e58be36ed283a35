import * as v from "valibot";
import { AwsError, NotImplemented } from "../gateway/aws-error.ts";
import type { Parameters } from "../gateway/json-service.ts";
import type { AnswerForm, ToolCall, ToolResult, Tools, Turn } from "./conversation.ts";

const name = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9_-]{1,64}$/));
const id = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9_-]{1,64}$/));

/** An object of JSON. To valibot arrays are records, too. */
export const jsonObject = v.custom<Parameters>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "is no object",
);

/** A tool as Converse is told of it. */
const Tool = v.strictObject({
  toolSpec: v.strictObject({
    name,
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
});

/** Tools, and whether one of them must be called; `tool` names the one that must. */
export const ToolConfig = v.strictObject({
  tools: v.pipe(v.array(Tool), v.minLength(1)),
  toolChoice: v.optional(
    v.union([
      v.strictObject({ auto: v.strictObject({}) }),
      v.strictObject({ any: v.strictObject({}) }),
      v.strictObject({ tool: v.strictObject({ name: v.string() }) }),
    ]),
    { auto: {} },
  ),
});

/** One block of a turn, of those that there are here. */
export const Block = v.union([
  v.strictObject({ text: v.string() }),
  v.strictObject({
    toolUse: v.strictObject({ toolUseId: id, name, input: jsonObject }),
  }),
  v.strictObject({
    toolResult: v.strictObject({
      toolUseId: id,
      content: v.array(
        v.union([v.strictObject({ text: v.string() }), v.strictObject({ json: v.unknown() })]),
      ),
      status: v.optional(v.picklist(["success", "error"]), "success"),
    }),
  }),
]);
type Block = v.InferOutput<typeof Block>;

/** What a model may or must answer with, of a request's tools. */
export interface Choice {
  /** The one tool that it must call: the form of its answer. */
  readonly form?: AnswerForm;
  /** The tools that it may choose among. */
  readonly tools?: Tools;
}

/** @throws {AwsError} ValidationException for a choice that names no tool; NotImplemented for one among several */
export function choiceOf(config: v.InferOutput<typeof ToolConfig> | undefined): Choice {
  if (config === undefined) return {};
  const { toolChoice } = config;
  const specs = config.tools.map(({ toolSpec: { name, description, inputSchema } }) => ({
    name,
    description,
    schema: inputSchema.json,
  }));
  const names = new Set(specs.map((spec) => spec.name));
  if (names.size < specs.length) throw invalid("toolConfig.tools: two tools have the same name.");
  if (!("tool" in toolChoice)) return { tools: { specs, mustCall: "any" in toolChoice } };
  const form = specs.find((spec) => spec.name === toolChoice.tool.name);
  if (form === undefined) throw invalid("toolConfig.toolChoice.tool.name: there is no tool of that name.");
  if (specs.length > 1)
    throw new NotImplemented(
      "bedrock",
      "Converse with toolConfig of several tools of which one must be called",
    );
  return { form };
}

/** A turn by what its blocks are. Blocks that are not of its role are refused. */
export function turnOf(role: Turn["role"], blocks: readonly Block[], at: number): Turn {
  const calls: ToolCall[] = [];
  const results: ToolResult[] = [];
  const texts: string[] = [];
  for (const [place, block] of blocks.entries()) {
    const where = `messages.${at}.content.${place}`;
    if ("toolUse" in block) {
      if (role === "user")
        throw invalid(`${where}: a toolUse block can only stand in a turn of the assistant's.`);
      const { toolUseId: id, name, input } = block.toolUse;
      calls.push({ id, name, input });
    } else if ("toolResult" in block) {
      if (role === "assistant")
        throw invalid(`${where}: a toolResult block can only stand in a turn of the user's.`);
      const { toolUseId: id, content, status } = block.toolResult;
      const text = content.map((each) => ("text" in each ? each.text : JSON.stringify(each.json))).join("\n");
      results.push({ id, text, failed: status === "error" });
    } else {
      if (block.text.trim() === "")
        throw invalid(
          `The text field in the ContentBlock object at ${where} is blank. Add text to the text field, and try again.`,
        );
      texts.push(block.text);
    }
  }
  return {
    role,
    text: texts.join("\n"),
    ...(calls.length > 0 && { calls }),
    ...(results.length > 0 && { results }),
  };
}

/**
 * Refuses turns in which a call is not answered in the very next turn, or something is answered that nobody called.
 * @throws {AwsError} ValidationException, as Bedrock words it
 */
export function requireAnswered(turns: readonly Turn[], hasTools: boolean): void {
  if (!hasTools && turns.some(({ calls, results }) => calls !== undefined || results !== undefined))
    throw invalid("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
  for (const [at, { results = [] }] of turns.entries()) {
    const asked = turns[at - 1]?.calls?.map((call) => call.id) ?? [];
    const place = `messages.${at}.content`;
    if (new Set(asked).size < asked.length)
      throw invalid(`The toolUse blocks at messages.${at - 1}.content contain duplicate Ids.`);
    const answered = results.map((result) => result.id);
    const open = asked.filter((each) => !answered.includes(each));
    if (open.length > 0)
      throw invalid(`Expected toolResult blocks at ${place} for the following Ids: ${open.join(", ")}`);
    if (answered.length > asked.length)
      throw invalid(
        `The number of toolResult blocks at ${place} exceeds the number of toolUse blocks of previous turn.`,
      );
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
