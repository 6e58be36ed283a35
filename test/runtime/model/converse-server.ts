import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Conversation, conversationOf } from "../../../packages/local/src/cloud/bedrock/conversation.ts";
import { AwsError } from "../../../packages/local/src/cloud/gateway/aws-error.ts";
import { type Listening, listen } from "../../../packages/local/src/cloud/gateway/listen.ts";

/** A block of what a model says: text, or a call of a tool. */
export type Block =
  | { readonly text: string }
  | { readonly toolUse: { readonly toolUseId: string; readonly name: string; readonly input: unknown } };

/** What a server says, as Converse has it on the wire; or how it fails. */
export type Said =
  | { readonly content: readonly Block[]; readonly stopReason?: string }
  | { readonly error: string; readonly message: string; readonly status: number };

/** A call of a tool. */
export function call(name: string, input: unknown): Block {
  return { toolUse: { toolUseId: "t1", name, input } };
}

/**
 * Bedrock's Converse on the loopback, of which a test says every block: also what the local cloud's models never do.
 * Requests are read as the local cloud reads them, so that none is asked which it would refuse.
 */
export class ConverseServer {
  readonly asked: Conversation[] = [];
  say: (conversation: Conversation) => Said = () => ({ content: [{ text: "" }] });
  #listening: Listening | undefined;

  /** Its endpoint. */
  async open(): Promise<string> {
    const server = createServer((request: IncomingMessage, response: ServerResponse) => {
      void this.#answer(request).then(({ status, body }) => {
        const error = status === 200 ? {} : { "x-amzn-errortype": String(body.__type) };
        response
          .writeHead(status, { "content-type": "application/json", ...error })
          .end(JSON.stringify(body));
      });
    });
    this.#listening = await listen(server, 0);
    return this.#listening.endpoint;
  }

  async close(): Promise<void> {
    await this.#listening?.close();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: Record<string, unknown> }> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      const conversation = conversationOf(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      this.asked.push(conversation);
      const said = this.say(conversation);
      if ("error" in said) throw new AwsError(said.error, said.message, said.status);
      const calls = said.content.some((block) => "toolUse" in block);
      const stopReason = said.stopReason ?? (calls ? "tool_use" : "end_turn");
      const usage = { inputTokens: 100, outputTokens: 10, totalTokens: 110 };
      const message = { role: "assistant", content: said.content };
      return { status: 200, body: { output: { message }, stopReason, usage, metrics: { latencyMs: 1 } } };
    } catch (error) {
      const { code, status, message } =
        error instanceof AwsError ? error : new AwsError("InternalServerException", String(error), 500);
      return { status, body: { __type: code, message } };
    }
  }
}
