import { parentPort } from "node:worker_threads";
import { raw } from "jq-wasm";
import type { JqAnswer, JqRequest } from "./jq.ts";

/**
 * jq's wrapper takes its input apart by a `slice` for each byte, which copies all that is left: seconds for 100 KB. In
 * this thread, where nobody else encodes text, `slice` gives a view.
 */
class Feed extends Uint8Array<ArrayBuffer> {
  override slice(start = 0, end = this.length): Feed {
    return new Feed(this.buffer, this.byteOffset + start, end - start);
  }
}

const encoder = new TextEncoder();
globalThis.TextEncoder = class extends TextEncoder {
  override encode(text?: string): Feed {
    const { buffer, byteOffset, length } = encoder.encode(text);
    return new Feed(buffer, byteOffset, length);
  }
};

parentPort?.on("message", async ({ input, filter }: JqRequest) => {
  let answer: JqAnswer;
  try {
    answer = { output: await raw(input, filter, ["-c"]) };
  } catch (thrown) {
    answer = { failure: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  parentPort?.postMessage(answer);
});
