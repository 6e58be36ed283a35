import { campaignScenarios } from "./campaign-scenarios.ts";
import { dnaPersonaScenarios } from "./dna-persona-scenarios.ts";
import { dnaScenarios } from "./dna-scenarios.ts";
import type { Answers } from "./execute.ts";
import { featureScenarios } from "./feature-scenarios.ts";
import type { machines } from "./machines.ts";
import { prodScenarios } from "./prod-scenarios.ts";

export interface Scenario {
  readonly name: string;
  readonly machine: keyof typeof machines;
  readonly input: unknown;
  readonly answers: Answers;
  /** States in the order in which they are entered, those inside of branches left out. */
  readonly path: readonly string[];
  /** The same for each branch, by what its states' names end in; the names without that end. */
  readonly branches?: Readonly<Record<string, readonly string[]>>;
  readonly output?: unknown;
  /** The error that it ends with, where it does not end well. */
  readonly error?: string;
}

/** The event as EventBridge sends it, without the envelope's fields that nothing reads. */
const event = {
  "detail-type": "Object Created",
  source: "aws.s3",
  detail: {
    bucket: { name: "raw" },
    object: { key: "ecommerce/orders-raw/year=2025/month=01/day=16/part 1 é.parquet" },
  },
};
const file = {
  route: "lambda",
  table: "orders",
  source: "penstock",
  rows: 10,
  bytes: 900,
  etag: "e1",
  arrived_at: "2025-01-16T08:00:00.000Z",
  reason: null,
  detail: null,
  manifest: null,
};
const refused = {
  ...file,
  route: "quarantine",
  table: null,
  rows: null,
  reason: "NotParquet",
  detail: "The file does not end in PAR1",
  manifest: { bucket: "quarantine", key: "files/orders-raw/part.json", body: "{}" },
};
const summary = {
  table: "orders",
  rows_in: 10,
  curated: 9,
  duplicates: 1,
  pending: 0,
  quarantined: 0,
  by_rule: {},
  masked: 2,
  rejected_fraction: 0,
  uris: {
    curated: "s3://curated/c",
    pending: null,
    quarantine: null,
    metrics: "s3://audit/m",
    audit: "s3://audit/a",
  },
};
const rejected = {
  ...summary,
  curated: 7,
  quarantined: 2,
  rejected_fraction: 0.2,
  by_rule: { "status.one_of": 2 },
  uris: { ...summary.uris, quarantine: "s3://quarantine/q" },
};
const plan = { plan: "s3://artifacts/plan.json", result: "s3://artifacts/result.json" };
const payload = (value: unknown) => ({ Payload: value, StatusCode: 200 });
const onGlue = ["PlanRefine", "RefineOnGlue", "FinishRefine"];
const head = ["Accept", "Inspect", "Route"];
const tail = ["AnyRowRejected", "RecordRun", "Refined"];

const pass = {
  released: 3,
  duplicates: 1,
  expired: 0,
  violations: 2,
  skipped: 0,
  changed: 2,
  pending: 4,
  audit: "s3://audit/r",
};
const requested = (times: number) => ({ Attributes: { requested: { N: String(times) } } });
const conditionFailed = "DynamoDB.ConditionalCheckFailedException";

const failure = {
  time: "2025-01-16T08:00:00Z",
  detail: {
    executionArn: "arn:aws:states:us-east-1:000000000000:execution:raw-to-curated:run-7",
    stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:raw-to-curated",
    name: "run-7",
    status: "FAILED",
    input: "{}",
    error: "ObjectMissing",
    cause: "gone",
    redriveCount: 0,
  },
};

const failureHandled = [
  "Accept",
  "RecordFailure",
  "KeepDeadLetter",
  "NotifyOperations",
  "ReturnLease",
  "AnyAsked",
  "Handled",
];

/** One execution for each path through each machine. Retries are put into these by the test, state by state. */
export const scenarios: readonly Scenario[] = [
  {
    name: "an object that fits one machine is refined in Lambda",
    machine: "raw-to-curated",
    input: event,
    answers: { Inspect: [payload(file)], RefineInLambda: [payload(summary)] },
    path: [...head, "RefineInLambda", ...tail],
    output: { status: "SUCCEEDED", ...summary },
  },
  {
    name: "an object named by hand, of a table named by hand, is refined alike",
    machine: "raw-to-curated",
    input: { bucket: "raw", key: "elsewhere/orders.parquet", table: "orders" },
    answers: { Inspect: [payload(file)], RefineInLambda: [payload(summary)] },
    path: [...head, "RefineInLambda", ...tail],
  },
  {
    name: "rejected rows are told to data engineering, and the run goes on",
    machine: "raw-to-curated",
    input: event,
    answers: { Inspect: [payload(file)], RefineInLambda: [payload(rejected)] },
    path: [...head, "RefineInLambda", "AnyRowRejected", "NotifyRowsRejected", "RecordRun", "Refined"],
  },
  {
    name: "a file that breaks the contract as a whole is refused with its reason",
    machine: "raw-to-curated",
    input: event,
    answers: { Inspect: [payload(refused)] },
    path: [...head, "QuarantineFile", "NotifyFileRefused", "RecordFileRefused", "FileRefused"],
    output: { status: "REFUSED", reason: "NotParquet", detail: "The file does not end in PAR1" },
  },
  {
    name: "a large object is refined on Glue",
    machine: "raw-to-curated",
    input: event,
    answers: {
      Inspect: [payload({ ...file, route: "glue" })],
      PlanRefine: [payload(plan)],
      FinishRefine: [payload(summary)],
    },
    path: [...head, ...onGlue, ...tail],
  },
  ...["TooLarge", "OutOfMemory", "Runtime.ExitError", "Runtime.OutOfMemory"].map((error) => ({
    name: `what ends in Lambda with ${error} is refined on Glue`,
    machine: "raw-to-curated" as const,
    input: event,
    answers: {
      Inspect: [payload(file)],
      RefineInLambda: [error],
      PlanRefine: [payload(plan)],
      FinishRefine: [payload(summary)],
    },
    path: [...head, "RefineInLambda", ...onGlue, ...tail],
  })),
  ...["Sandbox.Timedout", "States.Timeout"].map((error) => ({
    name: `what ends in Lambda with ${error} four times is refined on Glue`,
    machine: "raw-to-curated" as const,
    input: event,
    answers: {
      Inspect: [payload(file)],
      RefineInLambda: [error],
      PlanRefine: [payload(plan)],
      FinishRefine: [payload(summary)],
    },
    path: [...head, "RefineInLambda", ...onGlue, ...tail],
  })),
  {
    name: "an object written again before Lambda reads it is looked at again",
    machine: "raw-to-curated",
    input: event,
    answers: { Inspect: [payload(file)], RefineInLambda: ["ObjectChanged", payload(summary)] },
    path: [...head, "RefineInLambda", "Inspect", "Route", "RefineInLambda", ...tail],
  },
  {
    name: "an object written again before its plan is looked at again",
    machine: "raw-to-curated",
    input: event,
    answers: {
      Inspect: [payload({ ...file, route: "glue" })],
      PlanRefine: ["ObjectChanged", payload(plan)],
      FinishRefine: [payload(summary)],
    },
    path: [...head, "PlanRefine", "Inspect", "Route", ...onGlue, ...tail],
  },
  {
    name: "an object written again before Glue is done is looked at again",
    machine: "raw-to-curated",
    input: event,
    answers: {
      Inspect: [payload({ ...file, route: "glue" })],
      PlanRefine: [payload(plan)],
      FinishRefine: ["ObjectChanged", payload(summary)],
    },
    path: [...head, ...onGlue, "Inspect", "Route", ...onGlue, ...tail],
  },

  {
    name: "a request that gets the lease makes a pass and gives the lease back",
    machine: "reconcile",
    input: {},
    answers: { ReadRequests: [requested(1)], Reconcile: [payload(pass)] },
    path: [
      "Request",
      "TakeLease",
      "Settle",
      "ReadRequests",
      "Reconcile",
      "AnyRowExpired",
      "ReturnLease",
      "RecordRun",
      "Reconciled",
    ],
    output: {
      status: "SUCCEEDED",
      passes: 1,
      released: 3,
      duplicates: 1,
      expired: 0,
      pending: 4,
      violations: 2,
      audit: "s3://audit/r",
    },
  },
  {
    name: "a request that finds the lease taken ends as coalesced",
    machine: "reconcile",
    input: event,
    answers: { TakeLease: [conditionFailed] },
    path: ["Request", "TakeLease", "Coalesced"],
    output: { status: "COALESCED" },
  },
  {
    name: "rows that waited too long are told to data engineering",
    machine: "reconcile",
    input: {},
    answers: { ReadRequests: [requested(1)], Reconcile: [payload({ ...pass, expired: 2 })] },
    path: [
      ...[
        "Request",
        "TakeLease",
        "Settle",
        "ReadRequests",
        "Reconcile",
        "AnyRowExpired",
        "NotifyRowsExpired",
      ],
      ...["ReturnLease", "RecordRun", "Reconciled"],
    ],
  },
  {
    name: "a request that lands during a pass makes another pass",
    machine: "reconcile",
    input: {},
    answers: {
      ReadRequests: [requested(1), requested(2)],
      Reconcile: [payload({ ...pass, expired: 2 }), payload({ ...pass, released: 0 })],
      ReturnLease: [conditionFailed, {}],
    },
    path: [
      ...[
        "Request",
        "TakeLease",
        "Settle",
        "ReadRequests",
        "Reconcile",
        "AnyRowExpired",
        "NotifyRowsExpired",
        "ReturnLease",
      ],
      ...[
        "TakeLease",
        "Settle",
        "ReadRequests",
        "Reconcile",
        "AnyRowExpired",
        "ReturnLease",
        "RecordRun",
        "Reconciled",
      ],
    ],
    output: {
      status: "SUCCEEDED",
      passes: 2,
      released: 3,
      duplicates: 2,
      expired: 2,
      pending: 4,
      violations: 2,
      audit: "s3://audit/r",
    },
  },

  ...prodScenarios,
  ...featureScenarios,
  ...dnaScenarios,
  ...dnaPersonaScenarios,
  ...campaignScenarios,

  {
    name: "a failed execution is recorded, kept as a dead letter and told to operations",
    machine: "on-failure",
    input: failure,
    answers: {},
    path: failureHandled,
  },
  ...[
    { name: "who asked during an execution that failed gets another one", requested: 4, more: true },
    { name: "an execution that failed for itself alone is not started again", requested: 3, more: false },
  ].map(
    ({ name, requested, more }): Scenario => ({
      name,
      machine: "on-failure",
      input: failure,
      answers: {
        ReturnLease: [{ Attributes: { seen: { N: "3" }, requested: { N: String(requested) } } }],
      },
      path: [...failureHandled.slice(0, -1), ...(more ? ["StartAnother"] : []), "Handled"],
    }),
  ),
  {
    name: "what asked with an input is started with it again",
    machine: "on-failure",
    input: failure,
    answers: {
      RecordFailure: [{ Attributes: { lock: { S: "digital-dna/usr_1" }, again: { S: '{"user":"usr_1"}' } } }],
      ReturnLease: [{ Attributes: { seen: { N: "3" }, requested: { N: "4" } } }],
    },
    path: [...failureHandled.slice(0, -1), "StartAnother", "Handled"],
  },
  {
    name: "whose lease is another's by now returns none",
    machine: "on-failure",
    input: failure,
    answers: { ReturnLease: [conditionFailed] },
    path: [...failureHandled.slice(0, -2), "Handled"],
  },
  {
    name: "the lock that a run record names is given back",
    machine: "on-failure",
    input: failure,
    answers: { RecordFailure: [{ Attributes: { lock: { S: "feature-pipeline/daily-2026-11-20" } } }] },
    path: failureHandled,
  },
  {
    name: "a failure that was handled before changes nothing",
    machine: "on-failure",
    input: failure,
    answers: { RecordFailure: [conditionFailed] },
    path: ["Accept", "RecordFailure", "AlreadyHandled"],
    output: { status: "ALREADY_HANDLED" },
  },
  {
    name: "an abort without error, cause or input is recorded as what it is",
    machine: "on-failure",
    input: {
      time: failure.time,
      detail: {
        executionArn: failure.detail.executionArn,
        stateMachineArn: failure.detail.stateMachineArn,
        name: "run-7",
        status: "ABORTED",
        input: null,
        error: null,
        cause: null,
        redriveCount: 2,
      },
    },
    answers: {},
    path: failureHandled,
  },
];
