import { GetTableCommand } from "@aws-sdk/client-glue";
import { acceptFeatures } from "@penstock/features";
import { afterEach, beforeEach, expect, test } from "vitest";
import { currentInteractions } from "../../packages/features/src/feature-days.ts";
import { computed, type Day, manifestOf } from "./computed-run.ts";
import { attemptOf, type FeatureRun, featureRun } from "./feature-run.ts";

let run: FeatureRun;
beforeEach(async () => {
  run = await featureRun();
});
afterEach(() => run[Symbol.asyncDispose]());

const accept = ({ plan }: Day) => acceptFeatures({ plan, split_try: null }, run.ports);
const other = "fedcba9876543210";

const attemptsIn = async (table: string) =>
  Object.keys(await run.partitions(table)).map((values) => values.split("/").at(-1));

const holders = async (attempt: string) => {
  const { interactions } = await manifestOf(run, attempt);
  return Object.entries(interactions.days).map(([day, one]) => [day, one.attempt, one.behind]);
};

test("of each day the manifest and the table say whose interaction features are current, and superseded ones leave", async () => {
  const [first, second] = [await computed(run, "2026-11-18"), await computed(run, "2026-11-19")];
  await accept(first);
  await accept(second);
  const days = ["2026-11-18", "2026-11-19", "2026-11-20"];
  const third = await computed(run, "2026-11-20", { days, digest: other });
  await accept(third);
  const before = await attemptsIn("interaction_features");
  const fourth = await computed(run, "2026-11-21");

  await accept(fourth);

  const { interactions, features } = await manifestOf(run, fourth.attempt);
  expect(await holders(fourth.attempt)).toEqual([
    ...days.map((day) => [day, third.attempt, false]),
    ["2026-11-21", fourth.attempt, false],
  ]);
  expect(Object.keys(interactions.attempts)).toEqual([third.attempt, fourth.attempt]);
  expect(interactions.attempts[fourth.attempt]).toEqual(features.interaction);
  const { Table } = await run.clients.glue.send(
    new GetTableCommand({ DatabaseName: "features", Name: "interaction_features" }),
  );
  expect(Table?.Parameters?.["penstock.days"]).toBe(
    `2026-11-18..2026-11-20=${third.attempt} 2026-11-21..2026-11-21=${fourth.attempt}`,
  );
  // What was current before stays for those who are reading it.
  expect(before).toEqual([first.attempt, second.attempt, third.attempt]);
  expect(await attemptsIn("interaction_features")).toEqual([third.attempt, fourth.attempt]);
  expect(await attemptsIn("user_features")).toHaveLength(4);
});

test("an attempt that holds days which the next of its run did not compute stays for these", async () => {
  const first = await computed(run, "2026-11-20", { days: ["2026-11-19", "2026-11-20"] });
  await accept(first);
  const again = { digits: "ffff0000", looked_at: "2026-11-21T07:00:00Z" };
  const second = await computed(run, "2026-11-20", again);
  await accept(second);

  await accept(await computed(run, "2026-11-21"));
  await accept(await computed(run, "2026-11-22"));

  expect(await holders(attemptOf("2026-11-22"))).toEqual([
    ["2026-11-19", first.attempt, false],
    ["2026-11-20", second.attempt, false],
    ["2026-11-21", attemptOf("2026-11-21"), false],
    ["2026-11-22", attemptOf("2026-11-22"), false],
  ]);
  expect(await attemptsIn("interaction_features")).toContain(first.attempt);
  expect(await attemptsIn("user_features")).not.toContain(first.attempt);
});

test("days whose history has changed since are told to be behind, until everything is computed again", async () => {
  const days = ["2026-11-19", "2026-11-20"];
  await accept(await computed(run, "2026-11-20", { mode: "weekly", days }));
  const earlier = await computed(run, "2026-11-10");

  await accept(earlier);
  const { latest_behind } = await manifestOf(run, earlier.attempt);
  const all = {
    mode: "weekly",
    digits: "ffff0000",
    days: ["2026-11-10", ...days],
    looked_at: "2026-11-21T07:00:00Z",
  };
  const whole = await computed(run, "2026-11-20", all);
  await accept(whole);

  expect(latest_behind).toEqual(["2026-11-10"]);
  expect((await holders(earlier.attempt)).map(([day, , behind]) => [day, behind])).toEqual([
    ["2026-11-10", false],
    ["2026-11-19", true],
    ["2026-11-20", true],
  ]);
  expect((await holders(whole.attempt)).map(([, , behind]) => behind)).toEqual([false, false, false]);
});

test("what has seen the whole history of a day is right against a later look that has not", async () => {
  const looked = await computed(run, "2026-11-20", { mode: "weekly", looked_at: "2026-11-21T07:00:00Z" });
  await accept(await computed(run, "2026-11-19"));
  const seen = await computed(run, "2026-11-20", { looked_at: "2026-11-21T05:00:00Z" });
  await accept(seen);

  await accept(looked);

  const { snapshot, interactions } = await manifestOf(run, looked.attempt);
  expect(snapshot.days["2026-11-20"]?.attempt).toBe(looked.attempt);
  expect(interactions.days["2026-11-20"]).toMatchObject({ attempt: seen.attempt, behind: false });
});

test("features whose objects have expired are nobody's current ones", async () => {
  const day = await computed(run, "2026-11-20");
  await accept(day);
  const { interactions, snapshot, features } = await manifestOf(run, day.attempt);
  const own = {
    features: { ...features, attempt: "daily-2027-11-22-0123abcd" },
    from: "2027-11-22",
    to: "2027-11-22",
  };

  const later = currentInteractions(
    { interactions, snapshot },
    { ...own, snapshot },
    snapshot,
    new Date("2026-11-22T00:00:00Z"),
  );

  expect(later).toEqual({ days: {}, attempts: {} });
});
