/** Handlers that the tests of the local cloud run in real sandboxes. */
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

let calls = 0;

export async function echo(event: unknown): Promise<unknown> {
  return event;
}

/** Counts its calls: a reused sandbox counts on. */
export async function count(): Promise<unknown> {
  calls += 1;
  console.log(`call ${calls}`);
  return { calls, pid: process.pid };
}

class OutOfStock extends Error {
  override readonly name = "OutOfStock";
}

export async function fail(event: { message: string }): Promise<never> {
  throw new OutOfStock(event.message);
}

export async function hang(): Promise<never> {
  for (;;) Math.random();
}

export async function sleep(event: { ms: number }): Promise<unknown> {
  await new Promise((resolve) => setTimeout(resolve, event.ms));
  return { slept: event.ms, pid: process.pid };
}

export async function crash(event: { code: number }): Promise<never> {
  process.exit(event.code);
}

/** Takes native memory, which no limit of V8 sees. */
export async function hoard(): Promise<number> {
  const kept: Buffer[] = [];
  for (let index = 0; index < 200; index++) {
    kept.push(Buffer.alloc(8 * 1024 * 1024, index));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return kept.length;
}

/** Fails beside its own promise. */
export async function stray(): Promise<never> {
  setTimeout(() => {
    throw new RangeError("nobody awaits this");
  }, 10);
  return new Promise(() => {});
}

export async function environment(): Promise<unknown> {
  return { ...process.env };
}

export async function circular(): Promise<unknown> {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}

export async function write(event: { bucket: string; key: string; body: string }): Promise<unknown> {
  const client = new S3Client({});
  const { bucket: Bucket, key: Key, body: Body } = event;
  const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key, Body }));
  return { ETag };
}

/** Ends when as many others are there too. */
export async function meet(event: { bucket: string; key: string; guests: number }): Promise<unknown> {
  const client = new S3Client({});
  const { bucket: Bucket, key: Key, guests } = event;
  await client.send(new PutObjectCommand({ Bucket, Key, Body: "here" }));
  for (;;) {
    const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket }));
    if (KeyCount >= guests) return { met: KeyCount };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function identify(_event: unknown, context: Record<string, unknown>): Promise<unknown> {
  const remaining = context.getRemainingTimeInMillis;
  return { ...context, remaining: typeof remaining === "function" ? remaining() : null };
}

/** Answers more than Lambda lets through. */
export async function large(): Promise<string> {
  return "x".repeat(6 * 1024 * 1024 + 1);
}

/** An answer to an HTTP API with all that one can have. */
export async function httpAnswer(): Promise<unknown> {
  return {
    statusCode: 203,
    headers: { "X-Answered": "yes", "content-type": "text/plain; charset=utf-8" },
    cookies: ["a=1", "b=2; Secure"],
    body: Buffer.from("bytes ä").toString("base64"),
    isBase64Encoded: true,
  };
}
