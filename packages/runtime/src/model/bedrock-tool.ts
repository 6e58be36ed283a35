import type { ContentBlock, ToolConfiguration, ToolInputSchema } from "@aws-sdk/client-bedrock-runtime";
import type { RequestedAnswer } from "./answer-form.ts";

/**
 * An answer's form as the one tool that the model must call. It is never run: Nova writes a tool's input under its schema,
 * and has no other way to be held to one.
 */
export function toolConfig({ name, description, schema }: RequestedAnswer): ToolConfiguration {
  // Nova refuses any other member at the top of a tool's schema.
  const { type, properties, required } = schema;
  const json: ToolInputSchema.JsonMember["json"] = JSON.parse(JSON.stringify({ type, properties, required }));
  return {
    tools: [{ toolSpec: { name, description, inputSchema: { json } } }],
    toolChoice: { tool: { name } },
  };
}

/**
 * The JSON of the one call of the tool; undefined for none, several, or another tool. Text beside it, in which a model
 * thinks aloud, is left out.
 */
export function toolInput(content: readonly ContentBlock[], { name }: RequestedAnswer): string | undefined {
  const calls = content.flatMap(({ toolUse }) => (toolUse === undefined ? [] : [toolUse]));
  const [call] = calls;
  if (calls.length !== 1 || call?.name !== name || call.input === undefined) return undefined;
  return JSON.stringify(call.input);
}
