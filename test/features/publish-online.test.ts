import { GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { publishOnline } from "@penstock/features";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { item, many, user } from "./feature-rows.ts";
import { attemptOf, type FeatureRun, featureRun } from "./feature-run.ts";

let run: FeatureRun;
beforeAll(async () => {
  run = await featureRun();
});
afterAll(() => run[Symbol.asyncDispose]());
/** Users of a test of its own. */
let named: (number: number) => string;
let tests = 0;
beforeEach(() => {
  const own = tests++;
  named = (number) => `user-${own}-${number}`;
});

/** Publishes rows of an attempt as one slice, and gives the lease back. */
async function publish(
  attempt: string,
  rows: Parameters<FeatureRun["features"]>[2],
  group: "user" | "item" = "user",
  more: Parameters<FeatureRun["plan"]>[1] = {},
) {
  const plan = await run.plan(attempt, more);
  const uri = await run.features(group, attempt, rows);
  const published = await publishOnline(
    { plan, slices: [{ group, uri, start: 0, end: rows.length }] },
    run.ports,
  );
  await run.ports.leases.release("features/online", attempt);
  return published;
}

const stored = async (id: string, TableName = "user_features") =>
  (await run.clients.dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item;

const featuresOf = (found: Awaited<ReturnType<typeof stored>>): unknown =>
  JSON.parse(found?.features?.S ?? "");

test("a user's features stand online with their version, moment, run and expiry, without those that are null", async () => {
  const attempt = attemptOf("2026-11-20");

  const published = await publish(attempt, [
    user(named(0), { favorite_category: null, frequency_score: 1e-7 }),
  ]);

  expect(published).toEqual({ rows: 1, written: 1, kept: 0, withdrawn: 0 });
  expect(await stored(named(0))).toEqual({
    id: { S: named(0) },
    version: { N: "1" },
    as_of: { S: "2026-11-21T00:00:00Z" },
    planned_at: { S: "2026-11-21T05:00:00Z" },
    run: { S: attempt },
    expires_at: { N: String(Date.parse("2026-12-21T05:00:00Z") / 1000) },
    features: {
      S: JSON.stringify({
        total_interactions: 12,
        total_purchases: 2,
        avg_session_duration: 61.25,
        avg_price_point: 19.99,
        recency_days: 3,
        frequency_score: 1e-7,
        monetary_value: 39.98,
        diversity_score: 0.5,
      }),
    },
  });
});

test("products have a table of their own", async () => {
  await publish(attemptOf("2026-11-20"), [item("p-1")], "item");

  expect(featuresOf(await stored("p-1", "item_features"))).toMatchObject({ conversion_rate: 0.125 });
  expect(await stored("p-1")).toBeUndefined();
});

test("more items than a request takes are all written", async () => {
  const rows = many(2_611, (number) => user(named(number), { recency_days: number }));

  const published = await publish(attemptOf("2026-11-20"), rows);

  expect(published.written).toBe(2_611);
  expect(featuresOf(await stored(named(2_610)))).toMatchObject({ recency_days: 2610 });
});

test("a publication that is repeated changes nothing", async () => {
  const attempt = attemptOf("2026-11-20");
  await publish(
    attempt,
    many(30, (number) => user(named(number))),
  );
  const before = await stored(named(7));

  const again = await publish(
    attempt,
    many(30, (number) => user(named(number))),
  );

  expect(again).toEqual({ rows: 30, written: 0, kept: 30, withdrawn: 0 });
  expect(await stored(named(7))).toEqual(before);
});

test("the features of an earlier day never take the place of a later one's, those of another attempt of the same day do", async () => {
  const of = (total_interactions: number) => [user(named(0), { total_interactions })];
  await publish(attemptOf("2026-11-20"), of(20));

  const earlier = await publish(attemptOf("2026-11-19"), [...of(19), user(named(1))]);
  const same = await publish(attemptOf("2026-11-20", "weekly"), of(21));
  const later = await publish(attemptOf("2026-11-21"), of(22));

  expect([earlier, same, later].map(({ written }) => written)).toEqual([1, 1, 1]);
  expect(earlier.kept).toBe(1);
  expect(featuresOf(await stored(named(0)))).toMatchObject({ total_interactions: 22 });
});

test("an older attempt of the same day that is redriven puts nothing over what was planned after it", async () => {
  const of = (total_interactions: number) => [user(named(0), { total_interactions })];
  await publish(attemptOf("2026-11-20", "daily", "00000000"), of(2), "user", {
    looked_at: "2026-11-21T07:00:00Z",
  });

  const older = await publish(attemptOf("2026-11-20", "daily", "ffffffff"), of(1), "user", {
    looked_at: "2026-11-21T05:00:00Z",
  });

  expect(older).toEqual({ rows: 1, written: 0, kept: 1, withdrawn: 0 });
  expect(featuresOf(await stored(named(0)))).toMatchObject({ total_interactions: 2 });
});

test("while one attempt publishes another is busy, and its own workers are not", async () => {
  const [first, second] = [attemptOf("2026-11-20"), attemptOf("2026-11-21")];
  const plans = [await run.plan(first), await run.plan(second)] as const;
  const uri = await run.features(
    "user",
    first,
    many(3, (number) => user(named(number))),
  );
  const slice = (start: number) => ({ group: "user" as const, uri, start, end: start + 1 });
  await publishOnline({ plan: plans[0], slices: [slice(0)] }, run.ports);

  const sibling = publishOnline({ plan: plans[0], slices: [slice(1), slice(2)] }, run.ports);
  const other = publishOnline({ plan: plans[1], slices: [slice(0)] }, run.ports);

  await expect(other).rejects.toMatchObject({ name: "ObjectBusy" });
  expect((await sibling).written).toBe(2);
  await run.ports.leases.release("features/online", first);
});

test("a slice is its rows and no others, whichever row groups they lie in", async () => {
  const attempt = attemptOf("2026-11-20");
  const plan = await run.plan(attempt);
  const uri = await run.features(
    "user",
    attempt,
    many(50, (number) => user(named(number))),
  );

  await publishOnline({ plan, slices: [{ group: "user", uri, start: 10, end: 20 }] }, run.ports);

  const { Items = [] } = await run.clients.dynamodb.send(new ScanCommand({ TableName: "user_features" }));
  const ids = Items.map(({ id }) => id?.S ?? "").filter((id) => id.startsWith(named(0).slice(0, -1)));
  expect(ids.toSorted()).toEqual(many(10, (number) => named(number + 10)).toSorted());
  await run.ports.leases.release("features/online", attempt);
});

test("a number that is none stops the publication before anything of it is written", async () => {
  const attempt = attemptOf("2026-11-20");

  const refused = publish(attempt, [user(named(0)), user(named(1), { frequency_score: "NaN" })]);

  await expect(refused).rejects.toMatchObject({
    name: "ContractViolation",
    message: expect.stringContaining("user_features.frequency_score"),
  });
  expect(await stored(named(0))).toBeUndefined();
  await run.ports.leases.release("features/online", attempt);
});

/** Ports whose online store tells how many keys it was asked for, and takes so many puts before it breaks. */
function watched(puts = Number.POSITIVE_INFINITY) {
  const { online } = run.ports;
  let asked = 0;
  let left = puts;
  const ports: FeatureRun["ports"] = {
    ...run.ports,
    online: {
      ...online,
      heads(group, ids) {
        asked += ids.length;
        return online.heads(group, ids);
      },
      async put(group, items) {
        left -= 1;
        if (left < 0) throw new Error("the worker is gone");
        await online.put(group, items);
      },
    },
  };
  return { ports, asked: () => asked };
}

describe("what is online is read only as far as it has to be", () => {
  const rows = () => many(6_000, (number) => user(named(number)));
  const slicesOf = (uri: Awaited<ReturnType<FeatureRun["features"]>>) =>
    [0, 2_000, 4_000].map((start) => ({ group: "user" as const, uri, start, end: start + 2_000 }));

  test("by the latest attempt once a slice, by an earlier one for every key", async () => {
    const [later, earlier] = [attemptOf("2027-01-10"), attemptOf("2027-01-09")];
    const plans = [await run.plan(later), await run.plan(earlier)] as const;
    const slices = slicesOf(await run.features("user", later, rows()));
    const [first, second] = [watched(), watched()];

    const published = await publishOnline({ plan: plans[0], slices }, first.ports);
    await run.ports.leases.release("features/online", later);
    const kept = await publishOnline({ plan: plans[1], slices }, second.ports);
    await run.ports.leases.release("features/online", earlier);

    expect(published).toEqual({ rows: 6_000, written: 6_000, kept: 0, withdrawn: 0 });
    expect(first.asked()).toBe(2_500);
    expect(kept).toEqual({ rows: 6_000, written: 0, kept: 6_000, withdrawn: 0 });
    expect(second.asked()).toBe(6_000);
  });

  test("a worker that goes on after a crash writes what the one before it did not", async () => {
    const attempt = attemptOf("2027-01-20");
    const plan = await run.plan(attempt);
    const slices = slicesOf(await run.features("user", attempt, rows()));

    await expect(publishOnline({ plan, slices }, watched(1).ports)).rejects.toThrow("the worker is gone");
    const published = await publishOnline({ plan, slices }, run.ports);
    await run.ports.leases.release("features/online", attempt);

    expect(published).toEqual({ rows: 6_000, written: 3_500, kept: 2_500, withdrawn: 0 });
    expect(featuresOf(await stored(named(5_999)))).toMatchObject({ recency_days: 3 });
  });

  test("an attempt that was overtaken after its crash keeps what is later, and writes the rest", async () => {
    const [crashed, later] = [attemptOf("2027-01-28"), attemptOf("2027-01-29")];
    const plan = await run.plan(crashed);
    const slices = slicesOf(await run.features("user", crashed, rows()));
    await expect(publishOnline({ plan, slices }, watched(1).ports)).rejects.toThrow("the worker is gone");
    await run.ports.leases.release("features/online", crashed);
    await publish(
      later,
      [2_000, 4_000].map((number) => user(named(number), { recency_days: 9 })),
    );

    const published = await publishOnline({ plan, slices }, run.ports);
    await run.ports.leases.release("features/online", crashed);

    // 2,500 of its own and 4,000; 2,000 is among them.
    expect(published).toEqual({ rows: 6_000, written: 3_499, kept: 2_501, withdrawn: 0 });
    for (const number of [2_000, 4_000])
      expect(featuresOf(await stored(named(number)))).toMatchObject({ recency_days: 9 });
  });
});

test("the mark rises by as_of, then by the plan's moment to its milliseconds, then by the name, and never falls", async () => {
  const raise = (as_of: string, planned_at: string, attempt: string) =>
    run.ports.mark.raise({ as_of, planned_at, attempt });
  const [day, next] = ["2028-02-01T00:00:00Z", "2028-02-02T00:00:00Z"];

  const raised = [
    await raise(day, "2028-02-01T05:00:00Z", "b"),
    await raise(day, "2028-02-01T05:00:00Z", "b"),
    await raise(day, "2028-02-01T05:00:00Z", "a"),
    await raise(day, "2028-02-01T05:00:00.250Z", "a"),
    await raise(day, "2028-02-01T05:00:00Z", "c"),
    await raise(next, "2028-02-01T04:00:00Z", "a"),
    await raise(day, "2028-02-09T00:00:00Z", "z"),
  ];

  expect(raised).toEqual([true, true, false, true, false, true, false]);
});
