import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type Answers, execute } from "./execute.ts";
import { answers, plannedAs } from "./feature-scenarios.ts";
import { machines } from "./machines.ts";

const run = (input: unknown, more: Answers = {}) =>
  execute("feature-pipeline", machines["feature-pipeline"], input, { ...answers, ...more });
const asked = (calls: Awaited<ReturnType<typeof run>>["calls"], state: string) =>
  calls.filter((call) => call.state === state).map((call) => call.arguments);
const scheduled = { mode: "daily", scheduled_at: "2026-11-21T05:00:00Z" };

test("the catalogue is told no day, for it is of the day on which it is taken; a schedule's time goes on to the plan", async () => {
  const { calls } = await run(scheduled);

  expect(asked(calls, "SyncCatalogue")).toEqual([expect.objectContaining({ Payload: {} })]);
  expect(asked(calls, "PlanFeatures")).toEqual([
    expect.objectContaining({
      Payload: {
        ...scheduled,
        execution_id: "arn:aws:states:us-east-1:000000000000:execution:feature-pipeline:run-1",
        started_at: expect.stringMatching(/Z$/),
      },
    }),
  ]);
});

test("the lock is the run's, so that the same days in the same mode are worked on once at a time", async () => {
  const { calls } = await run(scheduled);

  const lock = { TableName: "Locks", Key: { name: { S: "feature-pipeline/daily-2026-11-20" } } };
  expect(asked(calls, "TakeLock")).toEqual([expect.objectContaining(lock)]);
  expect(asked(calls, "ReturnLock")).toEqual([expect.objectContaining(lock)]);
  expect(asked(calls, "RecordStart")).toEqual([
    expect.objectContaining({
      ExpressionAttributeValues: expect.objectContaining({
        ":lock": { S: "feature-pipeline/daily-2026-11-20" },
      }),
    }),
  ]);
});

test.each([
  ["only validates", { validate_only: true }, {}, "feature-pipeline/daily-2026-11-20/validate-only"],
  [
    "has a destination",
    {},
    { output_path: "s3://features/exports/january/" },
    `feature-pipeline/daily-2026-11-20/to-${createHash("sha256").update("s3://features/exports/january/").digest("hex").slice(0, 16)}`,
  ],
])(
  "a run that %s is not kept away by one of the same days that does something else",
  async (_, planned, given, name) => {
    const { calls } = await run({ ...scheduled, ...given }, { PlanFeatures: [plannedAs(planned)] });

    expect(asked(calls, "TakeLock")).toEqual([
      expect.objectContaining({ TableName: "Locks", Key: { name: { S: name } } }),
    ]);
    expect(asked(calls, "RecordStart")).toEqual([
      expect.objectContaining({
        ExpressionAttributeValues: expect.objectContaining({ ":lock": { S: name } }),
      }),
    ]);
  },
);

test("a query that is tried again writes into another folder, and the profile is told which", async () => {
  const { calls } = await run(scheduled, {
    ItemFeatures: ["Athena.TooManyRequestsException", { QueryExecution: { QueryExecutionId: "q" } }],
  });

  expect(asked(calls, "ItemFeatures")).toMatchObject([
    { QueryString: "UNLOAD (SELECT 2) TO 's3://features/i/try=0-0/'" },
    { QueryString: "UNLOAD (SELECT 2) TO 's3://features/i/try=0-1/'" },
  ]);
  expect(asked(calls, "ProfileFeatures")).toMatchObject([
    { Payload: { tries: { user: "0-0", item: "0-1", interaction: "0-0" } } },
  ]);
});

test("the acceptance of a week is told the folder of its split, and that of a day that there is none", async () => {
  const queries = { user: "", item: "", interaction: "", split: "" };
  const weekly = await run(
    { mode: "weekly" },
    { CatalogueCandidate: [{ Payload: { rows: 1, removed: {}, alerts: [], queries } }] },
  );
  const daily = await run(scheduled);

  expect(asked(weekly.calls, "AcceptFeatures")).toMatchObject([{ Payload: { split_try: "0-0" } }]);
  expect(asked(daily.calls, "AcceptFeatures")).toMatchObject([{ Payload: { split_try: null } }]);
});

test("slices are published a few in a call, each call with the plan", async () => {
  const { calls } = await run(scheduled);

  const [list, ...of] = [asked(calls, "Publish"), ...asked(calls, "PublishSlices")];
  expect(list).toEqual([{ Bucket: "features", Key: "profiles/a-slices.json" }]);
  expect(of).toMatchObject([
    { Payload: { plan: "s3://features/plans/daily-2026-11-20-0a1b2c3d.json", slices: { length: 5 } } },
    { Payload: { slices: [{ uri: "s3://features/u/6" }] } },
  ]);
});

test("who is told of thresholds that broke is told the report and each of them", async () => {
  const broken = [{ check: "nulls", share: 0.1, limit: 0.05 }];
  const report = "s3://features/validation_reports/r/a.json";
  const { calls, outcome } = await run(scheduled, {
    JudgeValidation: [
      {
        Payload: {
          state: "broken",
          passed: false,
          report,
          broken,
          lines: 10,
          rows: 1,
          rejected: 9,
          clean: null,
        },
      },
    ],
  });

  const [notice] = asked(calls, "NotifyBroken");
  expect(notice).toMatchObject({ TopicArn: expect.stringMatching(/:data-engineering$/) });
  expect(JSON.parse(Object(notice).Message)).toMatchObject({ report, broken });
  expect(outcome).toMatchObject({
    error: "ValidationFailed",
    cause: `Thresholds broke for nulls; see ${report}`,
  });
});

test("who is told of what cleaning took out is told each day, the counts by reason, and the report", async () => {
  const alerts = ["2026-11-20 has no clean rows", "2026-11-19: cleaning took out 60 %"];
  const removed = { "bot.day": 90 };
  const queries = { user: "", item: "", interaction: "" };
  const { calls } = await run(scheduled, {
    CatalogueCandidate: [{ Payload: { rows: 0, removed, alerts, queries } }],
  });

  const [notice] = asked(calls, "NotifyUnusual");
  expect(notice).toMatchObject({ TopicArn: expect.stringMatching(/:data-engineering$/) });
  expect(JSON.parse(Object(notice).Message)).toMatchObject({
    report: "s3://features/validation_reports/daily-2026-11-20/a.json",
    drifted: [],
    alerts,
    removed,
  });
});

test("input that is none fails at the plan's own refusal, before the catalogue is touched", async () => {
  const { calls, outcome } = await run({ days: 3 }, { PlanFeatures: ["InvalidInput"] });

  expect(outcome).toMatchObject({ status: "FAILED", error: "InvalidInput" });
  expect(calls.map(({ state }) => state)).toEqual(["PlanFeatures"]);
});
