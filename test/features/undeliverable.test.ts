import { readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { undeliverable } from "@penstock/features";
import type { S3Uri } from "@penstock/runtime";
import { afterEach, expect, test } from "vitest";
import { event, type RawRun, rawRun } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

const at = (day: string) => ({ timestamp: `${day}T10:00:00Z` });
const ACTIVE = "DynamicPartitioning.ActivePartitionsExceeded";
const NO_JSON = "DynamicPartitioning.MetadataExtractionFailed";

/** A line of an error object, as Firehose writes it. */
const failed = (record: string, errorCode = ACTIVE) =>
  JSON.stringify({
    attemptsMade: 1,
    arrivalTimestamp: 1_763_700_000_000,
    errorCode,
    errorMessage: "why",
    attemptEndingTimestamp: 1_763_700_000_001,
    rawData: Buffer.from(record).toString("base64"),
  });

async function aside(key: string, lines: readonly string[], packed = true): Promise<S3Uri> {
  const text = `${lines.join("\n")}\n`;
  const name = `../../../../undeliverable/${key}`;
  await run.put("2026-11-20", packed ? gzipSync(text) : Buffer.from(text), { name });
  return `s3://interactions/undeliverable/${key}`;
}

const textOf = async (uri: string) =>
  gunzipSync(await readFile(path.join(run.folder, "store", uri.slice("s3://".length)))).toString();
const below = async (prefix: S3Uri) => Object.keys(await run.objects(prefix));

test("what was put aside is told by its reasons and days, and nothing is moved", async () => {
  run = await rawRun();
  const old = JSON.stringify(event("a", at("2024-02-29")));
  await aside("activePartitionExceeded/2026-11-20/one.jsonl.gz", [failed(old), failed(old)]);
  await aside("processing-failed/2026-11-20/two.jsonl", [failed("no JSON", NO_JSON)], false);

  const found = await undeliverable({ deliver: false, after: null }, run.ports);

  expect(found).toEqual({
    objects: 2,
    records: 3,
    reasons: { [ACTIVE]: 2, [NO_JSON]: 1 },
    deliverable: 2,
    left: 1,
    days: ["2024-02-29"],
    next: null,
  });
  expect(await below("s3://interactions/undeliverable/")).toHaveLength(2);
  expect(await below("s3://interactions/interactions/")).toEqual([]);
});

test("each record that names its day is delivered to its folder as it was sent; the others stay, and once more moves nothing", async () => {
  run = await rawRun();
  const lines = [
    JSON.stringify(event("a", at("2025-01-01"))),
    JSON.stringify(event("b", { timestamp: "2025-01-01T23:30:00-02:00", page_context: "Ü" })),
    JSON.stringify(event("c", at("2025-01-01"))),
  ];
  const spread = JSON.stringify(event("d", at("2025-01-02")), null, 2);
  const broken = [failed("no JSON", NO_JSON), failed('{"timestamp":5}', NO_JSON), "torn li"];
  const whole = await aside(
    "activePartitionExceeded/2026-11-20/a.jsonl.gz",
    lines.map((line) => failed(line)),
  );
  const mixed = await aside("processing-failed/2026-11-20/b.jsonl.gz", [...broken, failed(spread)]);

  const found = await undeliverable({ deliver: true, after: null }, run.ports);
  const raw = await run.objects("s3://interactions/interactions/");
  const again = await undeliverable({ deliver: true, after: null }, run.ports);

  expect(found).toMatchObject({ records: 7, deliverable: 4, left: 3, days: ["2025-01-01", "2025-01-02"] });
  const texts = await Promise.all(
    Object.keys(raw).map((key) => textOf(`s3://interactions/interactions/${key}`)),
  );
  expect(Object.keys(raw).map((key) => key.slice(0, 26))).toEqual([
    "year=2025/month=01/day=01/",
    "year=2025/month=01/day=02/",
    "year=2025/month=01/day=02/",
  ]);
  expect(texts.toSorted()).toEqual(
    [`${lines[0]}\n${lines[2]}\n`, `${lines[1]}\n`, `${JSON.stringify(JSON.parse(spread))}\n`].toSorted(),
  );
  expect(await run.store.head(whole)).toBeUndefined();
  expect((await textOf(mixed)).trimEnd().split("\n")).toEqual(broken);
  expect(again).toMatchObject({ records: 3, deliverable: 0, left: 3 });
  expect(await run.objects("s3://interactions/interactions/")).toEqual(raw);
});

test("a delivery that was cut off before its source went is made again with the same objects", async () => {
  run = await rawRun();
  const lines = [failed(JSON.stringify(event("a", at("2025-01-01"))))];
  await aside("activePartitionExceeded/2026-11-20/a.jsonl.gz", lines);
  await undeliverable({ deliver: true, after: null }, run.ports);
  const once = await run.objects("s3://interactions/interactions/");
  await aside("activePartitionExceeded/2026-11-20/a.jsonl.gz", lines);

  await undeliverable({ deliver: true, after: null }, run.ports);

  expect(await run.objects("s3://interactions/interactions/")).toEqual(once);
});

test("what was delivered is landed by the next run of its day like what came in time", async () => {
  run = await rawRun();
  await run.catalogue("products", "2026-11-01", [{ product_id: "p1" }]);
  await run.catalogue("users", "2026-11-01", [{ user_id: "u1" }]);
  await aside("activePartitionExceeded/2026-11-20/a.jsonl.gz", [failed(JSON.stringify(event("late")))]);
  await undeliverable({ deliver: true, after: null }, run.ports);

  const { verdict } = await run.run();

  expect(verdict).toMatchObject({ lines: 1, rows: 1, rejected: 0 });
});
