import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { SEPARATORS } from "../../packages/runtime/src/prelude/cards.ts";
import { DAY, event, type RawRun, rawRun } from "./raw-run.ts";

/** Every sign that may stand between the digits of a card. */
const SEPARATED = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((sign) =>
  new RegExp(`[${SEPARATORS}]`).test(sign),
);

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

test("lines that are odd stand among plain ones in their order, whatever is wrong with their neighbours", async () => {
  run = await rawRun({ settings: { landMaxBytes: 10_000_000 } });
  const lines = Array.from({ length: 5_000 }, (_, n) => {
    if (n % 7 === 0) return event(`i${n}`, { page_context: "As Meant" });
    if (n % 11 === 0) return event(`i${n}`, { timestamp: "2026-11-19T10:00:00Z" });
    return n % 13 === 0 ? "" : n % 17 === 0 ? "{" : event(`i${n}`);
  });
  await run.put(DAY, lines, { name: "a.jsonl" });
  await run.put(
    DAY,
    lines.slice(0, 100).map((line) => (typeof line === "string" ? `${line}\r` : line)),
    {
      name: "b.jsonl",
    },
  );

  await run.land(await run.plan());

  const sound = (list: typeof lines) =>
    list.flatMap((line) =>
      typeof line === "string" || line.timestamp !== `${DAY}T10:00:00Z` ? [] : line.interaction_id,
    );
  expect((await run.rows("s3://features/landed/")).map((row) => row.interaction_id)).toEqual([
    ...sound(lines),
    ...sound(lines.slice(0, 100)),
  ]);
  const wrong = (list: typeof lines) =>
    list.flatMap((line, n) =>
      typeof line === "string"
        ? line === ""
          ? []
          : [[n + 1, ["line.json"]]]
        : line.timestamp === `${DAY}T10:00:00Z`
          ? []
          : [[n + 1, ["timestamp.other_day"]]],
    );
  expect((await run.quarantined()).map(({ line, reasons }) => [line, reasons])).toEqual([
    ...wrong(lines),
    ...wrong(lines.slice(0, 100)),
  ]);
});

test("rows that go back in their session are counted within their object, plain or not", async () => {
  run = await rawRun({ settings: { landMaxBytes: 10_000_000 } });
  const at = (id: string, second: number, session: string, more = {}) =>
    event(id, {
      timestamp: `${DAY}T10:00:${String(second).padStart(2, "0")}Z`,
      session_id: session,
      ...more,
    });
  await run.put(DAY, [at("a", 30, "x"), at("b", 10, "y"), at("c", 20, "x"), at("d", 20, "y")], {
    name: "a.jsonl",
  });
  await run.put(DAY, [at("e", 5, "x"), at("f", 9, "x", { page_context: "Odd One" }), at("g", 8, "x")], {
    name: "b.jsonl",
  });
  const planned = await run.plan();

  await run.land(planned);

  expect(await run.counts(planned)).toMatchObject({ rows: 7, unordered: 2 });
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

test("a card whose digits, or what stands between them, are JSON's escapes is masked in quarantine as well", async () => {
  run = await rawRun();
  const card = "4111-1111-1111-1111";
  const escaped = (text: string) =>
    [...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const lines = [
    `{"note":"\\u0034111111111111111"}`,
    `{"note":"${escaped(card)}"}`,
    `{"note":"${escaped(card).toUpperCase().replaceAll("\\U", "\\u")}`,
    String.raw`{"note":"4111\t1111\u00A01111\n1111"}`,
    `{"note":${JSON.stringify(`{"card":"${escaped(card)}"}`)}}`,
    `{"note":"${escaped("\\u0034")}111111111111111"}`,
    ...SEPARATED.map(
      (separator) => `{"note":"${["4111", "1111", "1111", "1111"].join(escaped(separator))}"}`,
    ),
  ];
  const harmless = String.raw`{"note":"caf\u00e9 \"\u0034\u0032\" at\tfour"}`;
  await run.put(DAY, [...lines, harmless]);

  await run.land(await run.plan());

  const quarantined = await run.quarantined();
  expect(quarantined).toHaveLength(lines.length + 1);
  for (const { text } of quarantined.slice(0, -1)) expect(text).toContain("************1111");
  expect(quarantined.at(-1)?.text).toBe(harmless);
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

test("gzip is read in all its members; of one that ends too early the lines up to there are landed, and it is told", async () => {
  run = await rawRun();
  const packed = (...ids: string[]) => gzipSync(ids.map((id) => `${JSON.stringify(event(id))}\n`).join(""));
  await run.put(DAY, Buffer.concat([packed("a"), packed("b")]), { name: "a.jsonl.gz" });
  await run.put(DAY, packed("c", "d").subarray(0, -4), { name: "b.jsonl.gz" });
  const torn = gzipSync(`${JSON.stringify(event("e"))}\n${JSON.stringify(event("f")).slice(0, -9)}`);
  await run.put(DAY, torn.subarray(0, -8), { name: "c.jsonl.gz" });
  await run.put(DAY, [event("g")], { name: "d.json" });
  const planned = await run.plan();

  const [landed] = await run.land(planned);

  expect(landed).toMatchObject({ lines: 7, rows: 6, rejected: 1 });
  expect((await run.rows("s3://features/landed/")).map((row) => row.interaction_id)).toEqual([..."abcdeg"]);
  expect((await run.quarantined()).map(({ object, line, reasons }) => [object, line, reasons])).toEqual([
    [expect.stringContaining("b.jsonl.gz"), 0, ["object.cut_off"]],
    [expect.stringContaining("c.jsonl.gz"), 0, ["object.cut_off"]],
    [expect.stringContaining("c.jsonl.gz"), 2, ["line.json"]],
  ]);
  expect(await run.counts(planned)).toMatchObject({ lines: 7, faults: { "object.cut_off": 2 } });
});

test("of what is no gzip, or an altered one, no line is landed or counted: it is in quarantine whole", async () => {
  run = await rawRun();
  const altered = gzipSync(`${JSON.stringify(event("a"))}\n`);
  altered.writeUInt8(altered.readUInt8(altered.length - 8) ^ 1, altered.length - 8);
  await run.put(DAY, altered, { name: "a.jsonl.gz" });
  await run.put(DAY, Buffer.from("no gzip at all"), { name: "b.jsonl.gz" });
  const planned = await run.plan();

  const [landed] = await run.land(planned);

  expect(landed).toEqual({ slice: 0, lines: 0, rows: 0, rejected: 0 });
  expect((await run.quarantined()).map(({ line, reasons, text }) => [line, reasons, text])).toEqual(
    Array(2).fill([0, ["object.gzip"], null]),
  );
  expect(await run.counts(planned)).toMatchObject({ reasons: {}, faults: { "object.gzip": 2 } });
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
