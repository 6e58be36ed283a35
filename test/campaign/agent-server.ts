import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as v from "valibot";
import { type Listening, listen } from "../../packages/local/src/cloud/gateway/listen.ts";
import type { Block } from "../runtime/model/converse-server.ts";

const ToolResult = v.object({
  toolUseId: v.string(),
  status: v.optional(v.string()),
  content: v.array(v.object({ text: v.string() })),
});
const ToolUse = v.object({ toolUseId: v.string(), name: v.string(), input: v.unknown() });
const Content = v.object({
  text: v.optional(v.string()),
  toolUse: v.optional(ToolUse),
  toolResult: v.optional(ToolResult),
});

/** A request of Converse, of what is looked at here. */
const Asked = v.object({
  system: v.array(v.object({ text: v.string() })),
  messages: v.array(v.object({ role: v.picklist(["user", "assistant"]), content: v.array(Content) })),
  toolConfig: v.object({
    tools: v.array(v.object({ toolSpec: v.object({ name: v.string(), inputSchema: v.unknown() }) })),
    toolChoice: v.optional(v.unknown()),
  }),
});
export type Asked = v.InferOutput<typeof Asked>;

/** What a model says, or how it fails. */
export type Answer =
  | { readonly content: readonly Block[]; readonly stopReason?: string }
  | { readonly error: string; readonly status: number };

/** All that a model is told besides what it is to be. */
export function toldIn({ messages }: Asked): string[] {
  return messages
    .filter(({ role }) => role === "user")
    .flatMap(({ content }) =>
      content.flatMap(({ text, toolResult }) => [
        ...(text === undefined ? [] : [text]),
        ...(toolResult?.content.map((result) => result.text) ?? []),
      ]),
    );
}

/** Bedrock's Converse on the loopback with several tools at once, of which a test says every block. */
export class AgentServer {
  readonly asked: Asked[] = [];
  say: (asked: Asked) => Answer = () => ({ content: [] });
  endpoint = "";
  #listening: Listening | undefined;

  async open(): Promise<void> {
    const server = createServer((request: IncomingMessage, response: ServerResponse) => {
      void this.#answer(request).then(({ status, body }) => {
        const error = status === 200 ? {} : { "x-amzn-errortype": String(body.__type) };
        response
          .writeHead(status, { "content-type": "application/json", ...error })
          .end(JSON.stringify(body));
      });
    });
    this.#listening = await listen(server, 0);
    this.endpoint = this.#listening.endpoint;
  }

  async close(): Promise<void> {
    await this.#listening?.close();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: Record<string, unknown> }> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const asked = v.parse(Asked, JSON.parse(Buffer.concat(chunks).toString("utf8")));
    this.asked.push(asked);
    const said = this.say(asked);
    if ("error" in said) return { status: said.status, body: { __type: said.error, message: said.error } };
    const calls = said.content.some((block) => "toolUse" in block);
    const stopReason = said.stopReason ?? (calls ? "tool_use" : "end_turn");
    return {
      status: 200,
      body: {
        output: { message: { role: "assistant", content: said.content } },
        stopReason,
        usage: { inputTokens: 1000, outputTokens: 100, totalTokens: 1100 },
        metrics: { latencyMs: 1 },
      },
    };
  }
}
