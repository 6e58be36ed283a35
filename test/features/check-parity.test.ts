import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { checkParity, profileFeatures, publishOnline } from "@penstock/features";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { item, many, user } from "./feature-rows.ts";
import { attemptOf, type FeatureRun, featureRun } from "./feature-run.ts";

const tries = { user: "0-0", item: "0-0", interaction: "0-0" };

let run: FeatureRun;
let days = 0;
beforeAll(async () => {
  run = await featureRun();
});
afterAll(() => run[Symbol.asyncDispose]());

let own: string;
let plan: Awaited<ReturnType<FeatureRun["plan"]>>;
let attempt: string;

/** Thirty users and ten products of a test of its own, published. */
beforeEach(async () => {
  own = `t${days}`;
  attempt = attemptOf(`2026-10-${String(++days).padStart(2, "0")}`);
  plan = await run.plan(attempt);
  const users = many(30, (number) =>
    user(`${own}-${number}`, {
      favorite_category: number % 3 === 0 ? null : "books",
      frequency_score: number / 7,
      monetary_value: `${number * 1_000_003}.07`,
    }),
  );
  const products = many(10, (number) =>
    item(`${own}-${number}`, { trending_score: null, popularity_score: 1e-9 * number }),
  );
  const uris = {
    user: await run.features("user", attempt, users),
    item: await run.features("item", attempt, products),
  };
  await profileFeatures({ plan, tries }, run.ports);
  const slices = (["user", "item"] as const).map((group) => ({ group, uri: uris[group], start: 0, end: 30 }));
  await publishOnline({ plan, slices }, run.ports);
  await run.ports.leases.release("features/online", attempt);
});

const change = async (id: string, more: object) => {
  const there = (await run.ports.online.items("user", [id])).get(id);
  if (there === undefined) expect.unreachable();
  await run.ports.online.put("user", [{ ...there, ...more }]);
};

test("what was published is online as it is offline, to the last digit", async () => {
  expect(await checkParity({ plan }, run.ports)).toEqual({
    sampled: 40,
    mismatches: 0,
    later: 0,
    differing: [],
  });
});

test("a feature that is another online, one that is missing there and one that is too much are told by name", async () => {
  const first = (await run.ports.online.items("user", [`${own}-1`])).get(`${own}-1`);
  await change(`${own}-1`, { features: { ...first?.features, frequency_score: 0.5 } });
  await change(`${own}-2`, { features: {} });
  await change(`${own}-3`, { features: { ...first?.features } });

  const { sampled, mismatches, differing } = await checkParity({ plan }, run.ports);

  expect({ sampled, mismatches }).toEqual({ sampled: 40, mismatches: 3 });
  expect(differing).toContain("user.frequency_score");
  expect(differing).toContain("user.favorite_category");
});

test("a key that is not online is a mismatch, one of another version too", async () => {
  await run.clients.dynamodb.send(
    new PutItemCommand({
      TableName: "user_features",
      Item: {
        id: { S: `${own}-4` },
        version: { N: "2" },
        as_of: { S: "2026-10-01T00:00:00Z" },
        planned_at: { S: "2026-10-01T05:00:00Z" },
        run: { S: attempt },
        expires_at: { N: "1800000000" },
        features: { S: "{}" },
      },
    }),
  );
  const next = attemptOf(`2026-11-${String(days).padStart(2, "0")}`);
  const unpublished = await run.plan(next);
  await run.features("user", next, [user(`${own}-new`)]);
  await profileFeatures({ plan: unpublished, tries }, run.ports);

  expect(await checkParity({ plan }, run.ports)).toMatchObject({
    mismatches: 1,
    differing: ["user.version"],
  });
  expect(await checkParity({ plan: unpublished }, run.ports)).toMatchObject({
    sampled: 1,
    mismatches: 1,
    differing: ["user.missing"],
  });
});

test("a later day's features online are no mismatch of an earlier run's", async () => {
  await change(`${own}-5`, { as_of: "2027-01-01T00:00:00Z", features: {} });

  expect(await checkParity({ plan }, run.ports)).toMatchObject({ sampled: 39, mismatches: 0, later: 1 });
});

test("of many keys a sample is compared, the same one each time", async () => {
  const next = attemptOf(`2026-12-${String(days).padStart(2, "0")}`);
  const many500 = await run.plan(next);
  await run.features(
    "user",
    next,
    many(500, (number) => user(`${own}-many-${number}`)),
  );
  await profileFeatures({ plan: many500, tries }, run.ports);
  const asked: string[][] = [];
  const online = {
    ...run.ports.online,
    items: async (group: "user" | "item", ids: readonly string[]) => {
      if (group === "user") asked.push([...ids]);
      return run.ports.online.items(group, ids);
    },
  };

  await checkParity({ plan: many500 }, { ...run.ports, online });
  await checkParity({ plan: many500 }, { ...run.ports, online });

  expect(asked[0]).toHaveLength(50);
  expect(asked[1]).toEqual(asked[0]);
  expect(asked[0]?.toSorted()).not.toEqual(many(50, (number) => `${own}-many-${number}`).toSorted());
});
