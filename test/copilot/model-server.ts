import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server was asked, as chat completions are. */
export interface ChatRequest {
  readonly headers: IncomingMessage["headers"];
  readonly path: string | undefined;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly max_tokens?: number;
    readonly temperature?: number;
  };
}

/** How a server fails. */
export interface ChatFailure {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An OpenAI-compatible server on the loopback that replies what a test wants. */
export class ModelServer {
  readonly requests: ChatRequest[] = [];
  /** The text of every reply; or the status and body of a failure. */
  reply: (request: ChatRequest) => string | ChatFailure = () => "";
  finishReason = "stop";
  /** Functions that every reply calls. */
  calls: readonly { readonly name: string; readonly arguments: string }[] = [];
  readonly #server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { headers, url: path } = request;
    const asked: ChatRequest = { headers, path, body: JSON.parse(Buffer.concat(chunks).toString()) };
    this.requests.push(asked);
    const content = this.reply(asked);
    if (typeof content !== "string") {
      response.writeHead(content.status, content.headers).end(content.body);
      return;
    }
    response.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        choices: [{ message: this.#message(content), finish_reason: this.finishReason }],
        usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
      }),
    );
  });

  #message(content: string): object {
    if (this.calls.length === 0) return { role: "assistant", content };
    const tool_calls = this.calls.map((called, at) => ({
      id: `call_${at}`,
      type: "function",
      function: called,
    }));
    return { role: "assistant", content: content === "" ? null : content, tool_calls };
  }

  /** Its base URL. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
