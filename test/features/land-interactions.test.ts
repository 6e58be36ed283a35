import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { DAY, event, type RawRun, rawRun } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

test("a line becomes a typed row with its moment in UTC and its text as meant", async () => {
  run = await rawRun();
  await run.put(DAY, [
    event("a", {
      timestamp: `${DAY}T23:30:00.123456+01:30`,
      rating: 4.5,
      page_context: "  Product\tPAGE ",
      device_type: "desktop",
    }),
    event("b", { timestamp: `${DAY}T00:00:00`, page_context: null, device_type: undefined, rating: 1 }),
  ]);
  const planned = await run.plan();

  const landed = await run.land(planned);

  expect(landed).toEqual([{ slice: 0, lines: 2, rows: 2, rejected: 0 }]);
  expect(await run.rows("s3://features/landed/")).toEqual([
    {
      interaction_id: "a",
      user_id: "u1",
      product_id: "p1",
      interaction_type: "view",
      occurred_at: `${DAY}T22:00:00.123456`,
      session_id: "s-a",
      rating: 4.5,
      device_type: "desktop",
      page_context: "product page",
      day: DAY,
      minute: Date.parse(`${DAY}T22:00:00Z`) / 60_000,
    },
    expect.objectContaining({
      interaction_id: "b",
      occurred_at: `${DAY}T00:00:00`,
      rating: 1,
      device_type: null,
      page_context: null,
    }),
  ]);
});

test("a line that breaks the contract is quarantined with its object, its number and every reason", async () => {
  run = await rawRun();
  const key = await run.put(DAY, [
    event("good"),
    '{"interaction_id": "torn", "user',
    "",
    event("b", { user_id: 7, rating: "4" }),
    event("c", { user_id: null, product_id: undefined }),
    event("d", { rating: 5.5, device_type: "toaster" }),
    event("e", { colour: "red" }),
    '{"interaction_id":"f","interaction_id":"f"}',
    "[1]",
    event("g with spaces", { session_id: "s" }),
    event("h", { timestamp: "2026-02-30T10:00:00Z" }),
    event("i", { timestamp: 1_763_600_000 }),
    event("j", { page_context: "x".repeat(201) }),
  ]);
  const planned = await run.plan();

  const [landed] = await run.land(planned);

  expect(landed).toEqual({ slice: 0, lines: 12, rows: 1, rejected: 11 });
  const missing = ["interaction_id", "interaction_type", "product_id", "session_id", "timestamp", "user_id"];
  const required = (names: readonly string[]) => names.map((name) => `${name}.required`);
  const quarantined = await run.quarantined();
  expect(quarantined.map(({ object }) => object)).toEqual(Array(11).fill(key));
  expect(quarantined.map(({ line, reasons }) => [line, reasons])).toEqual([
    [2, ["line.json"]],
    [4, ["rating.type", "user_id.type"]],
    [5, ["product_id.required", "user_id.required"]],
    [6, ["device_type.one_of", "rating.max_value"]],
    [7, ["line.unknown_field"]],
    [8, ["line.repeated_field", ...required(missing.slice(1))].toSorted()],
    [9, required(missing)],
    [10, ["interaction_id.format"]],
    [11, ["timestamp.type"]],
    [12, ["timestamp.type"]],
    [13, ["page_context.max_length"]],
  ]);
});

test("an event of the future, or of another day than its folder's, is rejected; a little clock skew is not", async () => {
  run = await rawRun();
  const arrived = new Date(`${DAY}T12:00:00Z`);
  await run.put(
    DAY,
    [
      event("in-time", { timestamp: `${DAY}T12:04:59Z` }),
      event("future", { timestamp: `${DAY}T12:05:01Z` }),
      event("yesterday", { timestamp: "2026-11-19T23:59:59Z" }),
      event("offset", { timestamp: `${DAY}T00:30:00+02:00` }),
    ],
    { arrived },
  );
  const planned = await run.plan();

  await run.land(planned);

  expect((await run.rows("s3://features/landed/")).map((row) => row.interaction_id)).toEqual(["in-time"]);
  expect((await run.quarantined()).map(({ line, reasons }) => [line, reasons])).toEqual([
    [2, ["timestamp.future"]],
    [3, ["timestamp.other_day"]],
    [4, ["timestamp.other_day"]],
  ]);
});

test("card numbers are kept nowhere: masked in what is landed, and in the whole of a line in quarantine", async () => {
  run = await rawRun();
  await run.put(DAY, [
    event("a", { page_context: "paid with 4111 1111 1111 1111" }),
    event("b", { page_context: "4111111111111111" }),
    event("c", { note: "4111-1111-1111-1111" }),
  ]);

  await run.land(await run.plan());

  expect((await run.rows("s3://features/landed/")).map((row) => row.page_context)).toEqual([
    "paid with ************1111",
    "************1111",
  ]);
  const [quarantined] = await run.quarantined();
  expect(quarantined?.text).toContain('"note":"************1111"');
});

test("what is no text, or no line, is quarantined as it is, and lines keep their numbers", async () => {
  run = await rawRun();
  const good = (id: string) => Buffer.from(JSON.stringify(event(id)));
  const pieces = [
    good("a"),
    Buffer.concat([Buffer.from('{"interaction_id":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    Buffer.concat([good("b"), Buffer.from("\r")]),
    Buffer.from(`{"interaction_id":"${"x".repeat(3_000_000)}"}`),
    Buffer.from(`{"interaction_id":"\u0001"}`),
    good("c"),
  ];
  await run.put(DAY, Buffer.concat(pieces.flatMap((piece) => [piece, Buffer.from("\n")])));

  const [landed] = await run.land(await run.plan());

  expect(landed).toMatchObject({ lines: 6, rows: 3, rejected: 3 });
  expect((await run.rows("s3://features/landed/")).map((row) => row.interaction_id)).toEqual(["a", "b", "c"]);
  expect((await run.quarantined()).map(({ line, reasons }) => [line, reasons])).toEqual([
    [2, ["line.json"]],
    [4, ["line.json"]],
    [5, ["line.json"]],
  ]);
});

test("gzip is read in all its members; one that ends too early is rejected whole", async () => {
  run = await rawRun();
  const packed = (id: string) => gzipSync(`${JSON.stringify(event(id))}\n`);
  await run.put(DAY, Buffer.concat([packed("a"), packed("b")]), { name: "a.jsonl.gz" });
  await run.put(DAY, gzipSync(JSON.stringify(event("c"))).subarray(0, -12), { name: "b.jsonl.gz" });
  await run.put(DAY, [event("d")], { name: "c.json" });

  const [landed] = await run.land(await run.plan());

  expect(landed).toMatchObject({ lines: 4, rows: 3, rejected: 1 });
  expect(await run.quarantined()).toEqual([
    expect.objectContaining({
      object: expect.stringContaining("b.jsonl.gz"),
      line: 0,
      reasons: ["object.gzip"],
    }),
  ]);
});

test("a raw object that was written anew since the plan stops the landing", async () => {
  run = await rawRun();
  await run.put(DAY, [event("a")]);
  const planned = await run.plan();
  await run.put(DAY, [event("b")]);

  await expect(run.land(planned)).rejects.toThrow(/no longer the object that was planned/);
});

test("the same lines give the same bytes on one thread and on three", async () => {
  const lines = Array.from({ length: 20_000 }, (_, n) =>
    event(`i${n}`, {
      user_id: `u${n % 97}`,
      rating: n % 5 === 0 ? (n % 4) + 1 : null,
      page_context: n % 3 === 0 ? null : "Search",
    }),
  );
  const found: Record<string, string>[] = [];
  for (const threads of [1, 3]) {
    run = await rawRun({ threads, settings: { landMaxBytes: 10_000_000 } });
    await run.put(DAY, [...lines, "torn"], { name: "a.jsonl" });
    await run.put(
      DAY,
      lines.slice(0, 5_000).map((line, n) => ({ ...line, interaction_id: `j${n}` })),
      { name: "b.jsonl.gz" },
    );
    await run.land(await run.plan());
    found.push(await run.objects("s3://features/landed/"), await run.objects("s3://features/quarantine/"));
    if (threads === 1) await run[Symbol.asyncDispose]();
  }

  expect(Object.keys(found[0] ?? {})).toHaveLength(2);
  expect(found[2]).toEqual(found[0]);
  expect(found[3]).toEqual(found[1]);
});
