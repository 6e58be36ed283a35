import { gzipSync, zstdCompressSync } from "node:zlib";
import { isObject } from "../fields.ts";
import { type Services, TaskFailure } from "../ports.ts";
import type { TaskTokens } from "../tokens.ts";
import type { Mock } from "./mock.ts";

/**
 * Services of a test with a mock: a task ends as the mock says, whatever it asks for, and an ItemReader finds the data
 * that the test gives as what is in the bucket.
 */
export function mockedServices(
  state: { readonly type: string },
  mock: Mock,
  tokens: TaskTokens,
  readerData: string | undefined,
): Services {
  return {
    call: async ({ target, taskToken, arguments: given }) => {
      if (state.type === "Map") {
        const lists = target.kind === "integration" && target.action === "listObjectsV2";
        return lists ? listing(readerData ?? "[]") : { Body: object(readerData ?? "", Object(given).Key) };
      }
      const callback = target.kind === "integration" && target.pattern === "callback" ? taskToken : undefined;
      if (callback !== undefined) {
        if (mock.kind === "result") tokens.succeed(callback, mock.value);
        else tokens.fail(callback, mock.error, mock.cause);
        return {};
      }
      if (mock.kind === "result") return mock.value;
      throw new TaskFailure(mock.error, mock.cause);
    },
  };
}

/** A test has no bytes to give but text: an object whose key promises a compression is compressed here. */
function object(data: string, key: unknown): string | Uint8Array {
  const ending = /\.(gz|gzip|zst|zstd)$/i.exec(String(key))?.[1]?.toLowerCase();
  if (ending === undefined) return data;
  return ending.startsWith("gz") ? gzipSync(data) : zstdCompressSync(data);
}

/** S3's answer to a listing, from the answer itself or from its objects alone. */
function listing(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data);
    if (Array.isArray(value)) return { Contents: value };
    if (isObject(value)) return value;
  } catch {
    // Told below: it is no listing, whatever it is.
  }
  throw new TaskFailure("S3.InvalidListing", "mapItemReaderData must be the JSON of the listed objects");
}
