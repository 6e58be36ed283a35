import type { Answers } from "./execute.ts";
import type { Scenario } from "./scenarios.ts";

const machine = "feature-pipeline";
const conditionFailed = "DynamoDB.ConditionalCheckFailedException";

const payload = (value: unknown) => ({ Payload: value, StatusCode: 200 });
const unloaded = { QueryExecution: { QueryExecutionId: "q" } };
const run = {
  run_id: "daily-2026-11-20",
  attempt: "daily-2026-11-20-0a1b2c3d",
  mode: "daily",
  from: "2026-11-20",
  to: "2026-11-20",
  as_of: "2026-11-21T00:00:00Z",
  validate_only: false,
  plan: "s3://features/plans/daily-2026-11-20-0a1b2c3d.json",
  slices: [0, 1],
};
const verdict = {
  report: "s3://features/validation_reports/daily-2026-11-20/a.json",
  state: "passed",
  passed: true,
  broken: [],
  lines: 100,
  rows: 90,
  rejected: 10,
  later_catalogue: { from: "2026-11-21", days: 1, rows: 70 },
  clean: { plan: "s3://features/plans/clean.json", result: "s3://features/plans/result.json" },
};
const candidate = {
  snapshot: run.attempt,
  rows: 80,
  removed: { duplicates: 4, bots: 6 },
  alerts: [],
  queries: {
    user: "UNLOAD (SELECT 1) TO 's3://features/u/try={try}/'",
    item: "UNLOAD (SELECT 2) TO 's3://features/i/try={try}/'",
    interaction: "UNLOAD (SELECT 3) TO 's3://features/n/try={try}/'",
  },
};
const weekly = {
  ...candidate,
  queries: { ...candidate.queries, split: "UNLOAD (SELECT 4) TO 's3://features/s/try={try}/'" },
};
const profile = {
  profile: "s3://features/profiles/a.json",
  null_everywhere: [],
  absent: ["user.avg_price_point"],
  drifted: [],
  rows: { user: 5, item: 6, interaction: 80 },
  slices: "s3://features/profiles/a-slices.json",
};
const slices = [1, 2, 3, 4, 5, 6].map((n) => ({
  group: "user",
  uri: `s3://features/u/${n}`,
  start: 0,
  end: 9,
}));
const accepted = { accepted: true, manifest: "s3://features/_manifests/a.json", generation: 7 };

/** What the services answer when all is well. */
export const answers: Answers = {
  SyncCatalogue: [payload({ products: 3, users: 4 })],
  PlanFeatures: [payload(run)],
  CheckArrivals: [payload({ alerts: [] })],
  LandSlice: [payload({ slice: 0, lines: 50, rows: 45, rejected: 5 })],
  JudgeValidation: [payload(verdict)],
  CatalogueCandidate: [payload(candidate)],
  UserFeatures: [unloaded],
  ItemFeatures: [unloaded],
  InteractionFeatures: [unloaded],
  Split: [unloaded],
  ProfileFeatures: [payload(profile)],
  Publish: [{ Body: JSON.stringify(slices) }],
  PublishSlices: [payload({ written: 4, skipped: 1 })],
  CheckParity: [payload({ sampled: 9, mismatches: 0 })],
  AcceptFeatures: [payload(accepted)],
};

/** What Plan answers of a run that differs in this. */
export const plannedAs = (more: Partial<typeof run>) => payload({ ...run, ...more });

/** As a schedule starts it. */
const input = { mode: "daily", scheduled_at: "2026-11-21T05:00:00Z" };

const start = ["Accept", "Mode", "SyncCatalogue", "PlanFeatures", "RecordStart", "TakeLock"];
const judge = ["CheckArrivals", "AnyAlert", "Land", "JudgeValidation", "Verdict"];
const compute = ["Clean", "CatalogueCandidate", "ComputeFeatures"];
const publish = ["AnySplit", "Publish", "CheckParity", "Parity"];
const accept = ["AcceptFeatures", "ReturnLock", "RecordRun", "Done"];
const whole = [...start, ...judge, ...compute, "ProfileFeatures", "Quality", ...publish, ...accept];

const landed = { LandSlice: ["", ""] };
const computed = { ...landed, UserFeatures: [""], ItemFeatures: [""], InteractionFeatures: [""] };
const published = { ...computed, PublishSlices: ["", ""] };
const output = {
  status: "SUCCEEDED",
  run_id: run.run_id,
  attempt: run.attempt,
  from: run.from,
  to: run.to,
  report: verdict.report,
  profile: profile.profile,
  manifest: accepted.manifest,
  rows: profile.rows,
  removed: candidate.removed,
  published: 8,
  absent: profile.absent,
  drifted: [],
  alerts: [],
};

/** One execution for each path through `feature-pipeline`. */
export const featureScenarios: readonly Scenario[] = [
  {
    name: "a day's interactions become features that are current online and offline",
    machine,
    input,
    answers,
    path: whole,
    branches: published,
    output,
  },
  {
    name: "everything, for training, is split as well",
    machine,
    input: { mode: "weekly" },
    answers: { ...answers, CatalogueCandidate: [payload(weekly)] },
    path: whole.flatMap((state) => (state === "AnySplit" ? [state, "Split"] : [state])),
    branches: published,
  },
  {
    name: "a range leaves the catalogue as it is",
    machine,
    input: { mode: "range", start_date: "2026-01-01", end_date: "2026-01-31" },
    answers,
    path: whole.filter((state) => state !== "SyncCatalogue"),
    branches: published,
  },
  {
    name: "what was landed before is not landed again",
    machine,
    input,
    answers: { ...answers, PlanFeatures: [payload({ ...run, slices: [] })] },
    path: whole,
    branches: { ...published, LandSlice: [] },
  },
  {
    name: "a second execution of the same days ends as coalesced",
    machine,
    input,
    answers: { ...answers, TakeLock: [conditionFailed] },
    path: [...start, "RecordCoalesced", "Coalesced"],
    output: { status: "COALESCED", run_id: run.run_id },
  },
  {
    name: "a day with much less than the day before is told, and gone on with",
    machine,
    input,
    answers: { ...answers, CheckArrivals: [payload({ alerts: ["2026-11-20 has 30 % less"] })] },
    path: whole.flatMap((state) => (state === "AnyAlert" ? [state, "NotifyArrivals"] : [state])),
    branches: published,
    output: { ...output, alerts: ["2026-11-20 has 30 % less"] },
  },
  {
    name: "a day that is only to be validated leaves the catalogue as it is",
    machine,
    input: { ...input, validate_only: true },
    answers: { ...answers, PlanFeatures: [payload({ ...run, validate_only: true })] },
    path: [
      ...start.filter((state) => state !== "SyncCatalogue"),
      ...judge,
      "ReturnJudged",
      "RecordJudged",
      "Judged",
    ],
    branches: landed,
  },
  {
    name: "only to be validated, it ends with the report",
    machine,
    input: { mode: "range", start_date: "2026-01-01", end_date: "2026-01-31", validate_only: true },
    answers: { ...answers, PlanFeatures: [payload({ ...run, validate_only: true })] },
    path: [
      ...start.filter((state) => state !== "SyncCatalogue"),
      ...judge,
      "ReturnJudged",
      "RecordJudged",
      "Judged",
    ],
    branches: landed,
    output: {
      status: "VALIDATED",
      run_id: run.run_id,
      attempt: run.attempt,
      report: verdict.report,
      rows: 90,
      rejected: 10,
    },
  },
  {
    name: "a lock that ran out while it was validated is another's, and no fault",
    machine,
    input,
    answers: {
      ...answers,
      PlanFeatures: [payload({ ...run, validate_only: true })],
      ReturnJudged: [conditionFailed],
    },
    path: [...start, ...judge, "ReturnJudged", "RecordJudged", "Judged"],
    branches: landed,
  },
  {
    name: "days without a line leave what is current as it is",
    machine,
    input,
    answers: {
      ...answers,
      PlanFeatures: [payload({ ...run, slices: [] })],
      JudgeValidation: [payload({ ...verdict, state: "empty", lines: 0, rows: 0, rejected: 0, clean: null })],
    },
    path: [...start, ...judge, "ReturnJudged", "RecordJudged", "Judged"],
    output: {
      status: "EMPTY",
      run_id: run.run_id,
      attempt: run.attempt,
      report: verdict.report,
      rows: 0,
      rejected: 0,
    },
  },
  {
    name: "thresholds that break stop it, with the report told to data engineering",
    machine,
    input,
    answers: {
      ...answers,
      JudgeValidation: [
        payload({
          ...verdict,
          state: "broken",
          passed: false,
          broken: [{ check: "nulls", share: 0.1, limit: 0.05 }],
        }),
      ],
    },
    path: [...start, ...judge, "NotifyBroken", "ValidationFailed"],
    branches: landed,
    error: "ValidationFailed",
  },
  ...["ObjectChanged", "ObjectMissing"].map(
    (error): Scenario => ({
      name: `raw objects that end a landing with ${error} are planned again`,
      machine,
      input,
      answers: {
        ...answers,
        PlanFeatures: [payload({ ...run, slices: [0] })],
        LandSlice: [error, payload({ slice: 0, lines: 50, rows: 45, rejected: 5 })],
      },
      path: [
        ...start,
        ...["CheckArrivals", "AnyAlert", "Land", "MorePlans"],
        ...["PlanFeatures", "RecordStart", "TakeLock"],
        ...whole.slice(start.length),
      ],
      branches: published,
    }),
  ),
  {
    name: "a catalogue that is another one than was planned is planned again as well",
    machine,
    input,
    answers: { ...answers, JudgeValidation: ["ObjectChanged", payload(verdict)] },
    path: [
      ...start,
      ...["CheckArrivals", "AnyAlert", "Land", "JudgeValidation", "MorePlans"],
      ...["PlanFeatures", "RecordStart", "TakeLock"],
      ...whole.slice(start.length),
    ],
    branches: { ...published, LandSlice: ["", "", "", ""] },
    output,
  },
  {
    name: "raw objects that change under every plan fail it",
    machine,
    input,
    answers: {
      ...answers,
      PlanFeatures: [payload({ ...run, slices: [0] })],
      LandSlice: ["ObjectChanged"],
    },
    path: [
      ...["Accept", "Mode", "SyncCatalogue"],
      ...[1, 2, 3].flatMap(() => [
        ...["PlanFeatures", "RecordStart", "TakeLock"],
        ...["CheckArrivals", "AnyAlert", "Land", "MorePlans"],
      ]),
      "RawKeepsChanging",
    ],
    branches: { LandSlice: ["", "", ""] },
    error: "RawKeepsChanging",
  },
  {
    name: "a feature that nobody has stops it before anything is published",
    machine,
    input,
    answers: {
      ...answers,
      ProfileFeatures: [payload({ ...profile, null_everywhere: ["item.conversion_rate"] })],
    },
    path: [...start, ...judge, ...compute, "ProfileFeatures", "Quality", "NotifyAllNull", "FeaturesAllNull"],
    branches: computed,
    error: "FeaturesAllNull",
  },
  {
    name: "features that drifted are told, and published",
    machine,
    input,
    answers: { ...answers, ProfileFeatures: [payload({ ...profile, drifted: ["user.recency_days"] })] },
    path: whole.flatMap((state) => (state === "Quality" ? [state, "NotifyUnusual"] : [state])),
    branches: published,
    output: { ...output, drifted: ["user.recency_days"] },
  },
  {
    name: "much that cleaning took out is told beside what had arrived, and what is left is published",
    machine,
    input,
    answers: {
      ...answers,
      CheckArrivals: [payload({ alerts: ["2026-11-20 has 30 % less"] })],
      CatalogueCandidate: [payload({ ...candidate, alerts: ["2026-11-20 has no clean rows"] })],
    },
    path: whole.flatMap((state) => {
      if (state === "AnyAlert") return [state, "NotifyArrivals"];
      return state === "Quality" ? [state, "NotifyUnusual"] : [state];
    }),
    branches: published,
    output: { ...output, alerts: ["2026-11-20 has 30 % less", "2026-11-20 has no clean rows"] },
  },
  {
    name: "an online store that differs from the files does not become current",
    machine,
    input,
    answers: { ...answers, CheckParity: [payload({ sampled: 9, mismatches: 2 })] },
    path: [...whole.slice(0, whole.indexOf("AcceptFeatures")), "NotifyParity", "ParityBroken"],
    branches: published,
    error: "ParityBroken",
  },
  {
    name: "a lock that ran out before the end is another's, and no fault",
    machine,
    input,
    answers: { ...answers, ReturnLock: [conditionFailed] },
    path: whole,
    branches: published,
    output,
  },
];
