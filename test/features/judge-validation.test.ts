import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { DAY, event, type RawRun, rawRun } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

const many = (count: number, more: (n: number) => Record<string, unknown> = () => ({})) =>
  Array.from({ length: count }, (_, n) => event(`i${n}`, more(n)));

async function judged(lines: Parameters<RawRun["put"]>[1], input?: Parameters<RawRun["plan"]>[0]) {
  run = await rawRun();
  await run.catalogue("products", DAY, [{ product_id: "p1" }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  await run.put(DAY, lines);
  const planned = await run.plan(input);
  await run.land(planned);
  return run.judge(planned);
}

const failed = ({ broken }: { broken: readonly { check: string }[] }) => broken.map(({ check }) => check);

test("days that are sound pass, with what was counted on each and the plan of cleaning", async () => {
  const verdict = await judged([...many(99), "torn"]);

  expect(verdict).toMatchObject({
    state: "passed",
    passed: true,
    broken: [],
    lines: 100,
    rows: 99,
    rejected: 1,
  });
  expect(verdict.clean?.plan).toContain("/clean.json");
  expect(verdict.written.days).toEqual([
    { day: DAY, state: "present", objects: 1, lines: 100, rows: 99, rejected: 1 },
  ]);
  expect(verdict.written.reasons).toEqual({ "line.json": 1 });
  expect(verdict.written.quarantine).toHaveLength(1);
  expect(verdict.written.checks.map(({ check }) => check)).toEqual([
    "objects",
    "schema",
    "types",
    "nulls.interaction_id",
    "nulls.user_id",
    "nulls.product_id",
    "nulls.interaction_type",
    "nulls.timestamp",
    "nulls.session_id",
    "order",
    "references.users",
    "references.products",
    "duplicates",
  ]);
});

test.each([
  ["broken JSON", "schema", [...many(90), ...Array(10).fill("{")]],
  ["fields that nobody knows", "schema", many(100, (n) => (n < 10 ? { colour: 1 } : {}))],
  ["numbers for texts", "types", many(100, (n) => (n < 10 ? { page_context: n } : {}))],
  ["events of another day", "types", many(100, (n) => (n < 10 ? { timestamp: "2026-11-19T10:00:00Z" } : {}))],
  ["10 % without a user", "nulls.user_id", many(100, (n) => (n < 10 ? { user_id: null } : {}))],
  ["users that nobody knows", "references.users", many(100, (n) => (n < 11 ? { user_id: `x${n}` } : {}))],
  [
    "products in no catalogue",
    "references.products",
    many(100, (n) => (n < 11 ? { product_id: `x${n}` } : {})),
  ],
  [
    "sessions that go back in time",
    "order",
    many(100, (n) => ({ session_id: "one", timestamp: `${DAY}T10:00:${String(n % 5).padStart(2, "0")}Z` })),
  ],
  ["repeated deliveries", "duplicates", [...many(100), ...many(30)]],
])("%s break their threshold, and only that: the run stops with its report", async (_, check, lines) => {
  const verdict = await judged(lines);

  expect(failed(verdict)).toEqual([check]);
  expect(verdict).toMatchObject({ state: "broken", passed: false, clean: null });
  const [found] = verdict.written.checks.filter(({ passed }) => !passed);
  expect(found?.share).toBeGreaterThan(found?.limit ?? 1);
});

test("a day that breaks a threshold is not averaged away by the other days, and is told", async () => {
  run = await rawRun();
  await run.catalogue("products", DAY, [{ product_id: "p1" }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  const of = (day: string, count: number, more: (n: number) => Record<string, unknown>) =>
    many(count, (n) => ({ interaction_id: `${day}-${n}`, timestamp: `${day}T10:00:00Z`, ...more(n) }));
  await run.put(
    "2026-11-17",
    of("2026-11-17", 10, (n) => (n < 5 ? { user_id: null } : {})),
  );
  await run.put(
    "2026-11-18",
    of("2026-11-18", 100, (n) => (n < 10 ? { user_id: null } : {})),
  );
  await run.put(
    "2026-11-19",
    of("2026-11-19", 100, (n) => (n < 15 ? { product_id: `x${n}` } : {})),
  );
  await run.put(
    DAY,
    of(DAY, 400, () => ({})),
  );
  const planned = await run.plan({ mode: "weekly" });
  await run.land(planned);

  const verdict = await run.judge(planned);

  expect(failed(verdict)).toEqual(["nulls.user_id on 2026-11-18", "references.products on 2026-11-19"]);
  expect(verdict).toMatchObject({ state: "broken", clean: null });
});

test("what repeats the look-back counts as duplicate, as cleaning will have it", async () => {
  run = await rawRun();
  await run.catalogue("products", DAY, [{ product_id: "p1" }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  await run.put(
    "2026-11-19",
    many(100, () => ({ timestamp: "2026-11-19T10:00:00Z" })),
  );
  await run.put(DAY, many(100));
  const planned = await run.plan({ mode: "range", start_date: DAY, end_date: DAY });
  await run.land(planned);

  const verdict = await run.judge(planned);

  expect(failed(verdict)).toEqual(["duplicates"]);
  expect(verdict.written.checks.at(-1)).toMatchObject({ check: "duplicates", rows: 100, share: 1 });
});

test("objects that cannot be read to their end are told; more than a few that cannot be read at all stop the run", async () => {
  run = await rawRun();
  await run.catalogue("products", DAY, [{ product_id: "p1" }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  const packed = gzipSync(
    `${many(60)
      .map((line) => JSON.stringify(line))
      .join("\n")}\n`,
  );
  await run.put(DAY, packed.subarray(0, -8), { name: "a.jsonl.gz" });
  const cut = await run.plan();
  await run.land(cut);
  const goesOn = await run.judge(cut);
  await run.put(DAY, Buffer.from("no gzip"), { name: "b.jsonl.gz" });
  const unreadable = await run.plan();
  await run.land(unreadable);

  const stopped = await run.judge(unreadable);

  expect(goesOn).toMatchObject({ state: "passed", rows: 60, rejected: 0 });
  const told = `${DAY}: 1 raw objects are cut off; their lines up to there are landed, and what came after is in no count`;
  expect(goesOn.written).toMatchObject({ lines: 60, notes: [told], quarantine: [expect.anything()] });
  expect(failed(stopped)).toEqual(["objects"]);
  expect(stopped.written).toMatchObject({
    state: "broken",
    lines: 60,
    notes: [told, expect.stringMatching(/1 raw objects cannot be unpacked; they are in quarantine whole/)],
  });
});

test("a few interactions with a product in no catalogue are counted, and stay without its attributes", async () => {
  const verdict = await judged(many(100, (n) => (n === 0 ? { product_id: "unknown" } : { user_id: "u1" })));

  expect(verdict.written.checks.find(({ check }) => check === "references.products")).toMatchObject({
    rows: 1,
    share: 0.01,
  });
  expect(verdict.passed).toBe(true);
});

test("to be validated only ends with the report", async () => {
  const verdict = await judged(many(10), { validate_only: true });

  expect(verdict).toMatchObject({ state: "passed", clean: null });
});

test("interactions before the oldest catalogue of their products are counted and told, and keep its attributes", async () => {
  run = await rawRun();
  const [first, second] = ["2026-11-18", "2026-11-19"];
  await run.catalogue("products", second, [{ product_id: "p1", category: "Shoes" }]);
  await run.catalogue("products", DAY, [{ product_id: "p1", category: "Boots" }]);
  // Another source, later still: it tells of a product of its own, and is not asked for the other's.
  await run.catalogue("products", DAY, [{ product_id: "p2" }, { product_id: "p1" }], "wholesale.parquet");
  await run.catalogue("users", first, [{ user_id: "u1" }]);
  const clicks = (day: string, product_id: string, ids: readonly string[]) =>
    ids.map((id) => event(id, { product_id, timestamp: `${day}T10:00:00Z` }));
  await run.put(first, clicks(first, "p1", ["a", "b"]));
  await run.put(second, [...clicks(second, "p1", ["c"]), ...clicks(second, "p2", ["d"])]);
  await run.put(DAY, [...clicks(DAY, "p1", ["e"]), ...clicks(DAY, "p2", ["f"])]);

  const { verdict } = await run.run({ mode: "weekly" });
  const last = await run.judge(await run.plan({ mode: "range", start_date: DAY, end_date: DAY }));

  const told = { from: DAY, days: 2, rows: 3 };
  expect(verdict.later_catalogue).toEqual(told);
  expect(verdict.written).toMatchObject({
    later_catalogue: told,
    notes: [expect.stringMatching(`^3 rows of 2 days before ${DAY} have category, brand and price`)],
  });
  const rows = await run.rows("s3://features/clean/");
  expect(rows.flatMap(({ interaction_id, category }) => (interaction_id === "a" ? [category] : []))).toEqual([
    "shoes",
  ]);
  expect(last.written).toMatchObject({ later_catalogue: { from: null, days: 0, rows: 0 }, notes: [] });
});

test("a missing and an empty day are said, and the run goes on without them", async () => {
  run = await rawRun();
  await run.catalogue("products", "2026-11-18", [{ product_id: "p1" }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  await run.put("2026-11-18", [event("a", { timestamp: "2026-11-18T10:00:00Z" })]);
  await run.put(DAY, ["", ""]);
  const input = { mode: "range" as const, start_date: "2026-11-18", end_date: DAY };

  const { verdict, clean } = await run.run(input);

  expect(verdict.state).toBe("passed");
  expect(verdict.written.days.map(({ day, state }) => [day, state])).toEqual([
    ["2026-11-18", "present"],
    ["2026-11-19", "missing"],
    [DAY, "empty"],
  ]);
  expect(verdict.written.notes).toEqual([
    "2026-11-19: no raw object; the run goes on without",
    `${DAY}: raw objects without a line; the run goes on without`,
  ]);
  expect(clean.interactions.map(({ partition }) => partition)).toEqual(["day=2026-11-18"]);
});

test("days without any line end the run with a report that says so", async () => {
  run = await rawRun();
  await run.put(DAY, new Uint8Array());
  const planned = await run.plan();
  await run.land(planned);

  const verdict = await run.judge(planned);

  expect(verdict).toMatchObject({ state: "empty", passed: true, rows: 0, clean: null });
  expect(verdict.written.notes).toEqual([
    `${DAY}: raw objects without a line; the run goes on without`,
    "no day has a line: the run ends here",
    "no snapshot of products: none is known",
    "no snapshot of users: none is known",
  ]);
});

test.each([
  ["another one", "ObjectChanged", () => run.catalogue("products", DAY, [{ product_id: "p1", price: 2 }])],
  ["gone", "ObjectMissing", () => run.store.remove(`s3://interactions/products/date=${DAY}/shop.parquet`)],
])("a catalogue's object that is %s since it was planned is told by that name", async (_, name, change) => {
  run = await rawRun();
  await run.catalogue("products", DAY, [{ product_id: "p1" }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  await run.put(DAY, many(10));
  const planned = await run.plan();
  await run.land(planned);

  await change();

  await expect(run.judge(planned)).rejects.toMatchObject({ name });
  expect(planned.written.catalogue.products[0]?.objects).toEqual([
    {
      uri: expect.stringContaining("shop.parquet"),
      etag: expect.stringMatching(/^[0-9a-f]{32}$/),
      bytes: expect.any(Number),
    },
  ]);
});
