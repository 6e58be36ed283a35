import { systems } from "@penstock/contracts";
import { branchState } from "../../workflows/curated-to-prod.ts";
import type { Answers } from "./execute.ts";
import type { Scenario } from "./scenarios.ts";

const machine = "curated-to-prod";
/** The branches, by what their states' names end in. */
export const branches = ["marts", ...Object.keys(systems)].map((system) => branchState("", system));

const payload = (value: unknown) => ({ Payload: value, StatusCode: 200 });
const leased = (generation: number) => ({ Attributes: { generation: { N: String(generation) } } });
const requested = (times: number) => ({ Attributes: { requested: { N: String(times) } } });
export const conditionFailed = "DynamoDB.ConditionalCheckFailedException";
const check = { sql: "SELECT …", counts: "orders=3 sales=4", rows: "7" };
const plan = {
  engine: "lambda",
  curated_bytes: 9,
  plan: "s3://artifacts/plan.json",
  result: "s3://artifacts/result.json",
};
const built = {
  build: "20250115T120500Z-000042",
  curated_rows: 10,
  orders_left_out: 1,
  manifest: "s3://marts/_builds/b.json",
  check,
};
export const reconciled = (status: string) => ({ Output: { status } });
export const crawler = (State: string, Status?: string) => ({
  Crawler: { State, ...(Status && { LastCrawl: { Status } }) },
});
/** What Athena answers to a check: names of columns, then a row for each table. */
const counted = (tables: Readonly<Record<string, string>>) => ({
  ResultSet: {
    Rows: [["name", "n"], ...Object.entries(tables)].map((row) => ({
      Data: row.map((VarCharValue) => ({ VarCharValue })),
    })),
  },
});

/** The same answers for a state of every branch. */
export const inEach = (state: string, answers: Answers[string]): Answers =>
  Object.fromEntries(branches.map((branch) => [state + branch, answers]));

export const answers: Answers = {
  TakeLease: [leased(42)],
  ReadRequests: [requested(3)],
  Reconcile: [reconciled("SUCCEEDED")],
  PlanMarts: [payload(plan)],
  BuildMarts: [payload(built)],
  FinishMarts: [payload(built)],
  ...inEach("Analyse", [payload({ check })]),
  ...inEach("LookAtCrawl", [crawler("READY", "SUCCEEDED")]),
  ...inEach("Check", [{ QueryExecution: { QueryExecutionId: "q" } }]),
  ...inEach("ReadCheck", [counted({ orders: "3", sales: "4" })]),
};

const begin = ["Request", "TakeLease"];
const window = ["Window", "ReadRequests", "Reconcile", "Reconciled"];
const plans = ["HoldForMarts", "CurrentMarts", "PlanMarts", "Engine"];
const publish = ["HoldForSystems", "Publish", "AnyBranchFailed", "ListWasNew"];
const partly = ["HoldForSystems", "Publish", "AnyBranchFailed", "NotifyPartial", "ListWasNew"];
const wholeBuild = [...window, ...plans, "BuildMarts", ...publish];
const partialBuild = [...window, ...plans, "BuildMarts", ...partly];
const end = ["ReturnLease", "RecordRun", "Built"];
const glue = ["HoldForGlue", "BuildMartsOnGlue"];
const onGlue = [...glue, "HoldForFinish", "FinishMarts"];

const crawl = ["Crawl", "AwaitCrawl", "LookAtCrawl", "Crawled"];
const look = ["AwaitCrawl", "LookAtCrawl", "Crawled"];
const counts = ["Check", "ReadCheck", "Counted"];
const found = [...counts, "Catalogue"];

/** The same way through every branch, from its `Switch` on; the marts' begins otherwise, since they are written. */
const all = (...path: string[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    branches.map((branch) => [
      branch,
      [...(branch === "Marts" ? ["Take"] : ["Current", "Analyse"]), "Switch", ...path],
    ]),
  );
const well = all(...crawl, ...found, "Published");

const onlySystems = branches.filter((branch) => branch !== "Marts");
const names = (list: readonly string[]) =>
  ["marts", ...Object.keys(systems)].filter((system) => list.includes(branchState("", system)));
const partial = (failed: readonly string[]) => ({
  status: "PARTIAL",
  builds: 1,
  build: built.build,
  curated_rows: 10,
  failed: names(failed),
});

/** A task of every branch that has it fails: all go on to the end, each for itself. */
const failing = (state: string, path: readonly string[], of: readonly string[] = branches): Scenario => ({
  name: `branches whose ${state} fails say so, and the others go on`,
  machine,
  input: {},
  answers: { ...answers, ...Object.fromEntries(of.map((branch) => [state + branch, ["Lambda.Unheard"]])) },
  path: [...begin, ...partialBuild, ...end],
  branches: {
    ...well,
    ...Object.fromEntries(of.map((branch) => [branch, [...path, state, "Failed"]])),
    ...(of === branches && state !== "Current" && state !== "Analyse"
      ? { Marts: ["Take", ...path.slice(2), state, "Failed"] }
      : {}),
  },
  output: partial(of),
});
const before = ["Current", "Analyse"];

/** One execution for each path through `curated-to-prod`. */
export const prodScenarios: readonly Scenario[] = [
  {
    name: "a request that gets the lease builds, publishes and gives the lease back",
    machine,
    input: {},
    answers,
    path: [...begin, ...wholeBuild, ...end],
    branches: well,
    output: { status: "SUCCEEDED", builds: 1, build: built.build, curated_rows: 10, failed: [] },
  },
  {
    name: "a request that finds the lease taken ends as coalesced",
    machine,
    input: { detail: { bucket: { name: "curated" }, object: { key: "ecommerce/orders/part.parquet" } } },
    answers: { ...answers, TakeLease: [conditionFailed] },
    path: [...begin, "AnyBuild", "Coalesced"],
    output: { status: "COALESCED" },
  },
  {
    name: "a pass of another execution of reconcile is waited for",
    machine,
    input: {},
    answers: { ...answers, Reconcile: [reconciled("COALESCED"), reconciled("SUCCEEDED")] },
    path: [
      ...begin,
      ...window,
      "AwaitReconcile",
      "Reconcile",
      "Reconciled",
      ...plans,
      "BuildMarts",
      ...publish,
      ...end,
    ],
    branches: well,
  },
  {
    name: "more than fits one machine is built on Glue",
    machine,
    input: {},
    answers: { ...answers, PlanMarts: [payload({ ...plan, engine: "glue" })] },
    path: [...begin, ...window, ...plans, ...onGlue, ...publish, ...end],
    branches: well,
  },
  ...["TooLarge", "OutOfMemory", "Runtime.ExitError", "Runtime.OutOfMemory"].map(
    (error): Scenario => ({
      name: `what ends in Lambda with ${error} is built on Glue`,
      machine,
      input: {},
      answers: { ...answers, BuildMarts: [error] },
      path: [...begin, ...window, ...plans, "BuildMarts", ...onGlue, ...publish, ...end],
      branches: well,
    }),
  ),
  ...["Sandbox.Timedout", "States.Timeout"].map(
    (error): Scenario => ({
      name: `what ends in Lambda with ${error} four times is built on Glue`,
      machine,
      input: {},
      answers: { ...answers, BuildMarts: [error] },
      path: [...begin, ...window, ...plans, "BuildMarts", ...onGlue, ...publish, ...end],
      branches: well,
    }),
  ),
  {
    name: "who lost the lease before the marts leaves the build to its new holder",
    machine,
    input: {},
    answers: { ...answers, HoldForMarts: [conditionFailed], TakeLease: [leased(42), conditionFailed] },
    path: [...begin, ...window, "HoldForMarts", "TakeLease", "AnyBuild", "Coalesced"],
    output: { status: "COALESCED" },
  },
  {
    name: "who lost the lease before the systems, and finds it free, begins again",
    machine,
    input: {},
    answers: { ...answers, HoldForSystems: [conditionFailed, {}] },
    path: [...begin, ...window, ...plans, "BuildMarts", "HoldForSystems", "TakeLease", ...wholeBuild, ...end],
    branches: well,
  },
  {
    name: "a request that lands during a build makes another build",
    machine,
    input: {},
    answers: { ...answers, ReturnLease: [conditionFailed, {}], TakeLease: [leased(42), leased(43)] },
    path: [...begin, ...wholeBuild, "ReturnLease", "More", "TakeLease", ...wholeBuild, ...end],
    branches: Object.fromEntries(Object.entries(well).map(([name, path]) => [name, [...path, ...path]])),
    output: { status: "SUCCEEDED", builds: 2, build: built.build, curated_rows: 10, failed: [] },
  },
  {
    name: "a request that another execution has taken up ends with the build that was made",
    machine,
    input: {},
    answers: { ...answers, ReturnLease: [conditionFailed], TakeLease: [leased(42), conditionFailed] },
    path: [...begin, ...wholeBuild, "ReturnLease", "More", "TakeLease", "AnyBuild", "RecordRun", "Built"],
    branches: well,
  },
  ...[
    { name: "requests that never end are handed over to a new execution", giveUp: {}, path: ["GoOn"] },
    { name: "who lost the lease hands over as well", giveUp: conditionFailed, path: ["GoOn"] },
  ].map(
    ({ name, giveUp, path }): Scenario => ({
      name,
      machine,
      input: {},
      answers: { ...answers, ReturnLease: [conditionFailed], GiveUpLease: [giveUp] },
      path: [
        ...begin,
        ...[1, 2, 3].flatMap(() => [...wholeBuild, "ReturnLease", "More", "TakeLease"]),
        ...wholeBuild,
        "ReturnLease",
        "More",
        "GiveUpLease",
        ...path,
        "RecordRun",
        "Built",
      ],
      branches: Object.fromEntries(
        Object.entries(well).map(([branch, once]) => [branch, [...once, ...once, ...once, ...once]]),
      ),
    }),
  ),

  failing("Current", [], onlySystems),
  failing("Analyse", ["Current"], onlySystems),
  failing("Switch", before),
  failing("Crawl", [...before, "Switch"]),
  failing("LookAtCrawl", [...before, "Switch", "Crawl", "AwaitCrawl"]),
  failing("Check", [...before, "Switch", ...crawl]),
  failing("ReadCheck", [...before, "Switch", ...crawl, "Check"]),
  failing("Catalogue", [...before, "Switch", ...crawl, ...counts]),
  {
    name: "a check that runs out of time, which gives no cause, fails its branch only",
    machine,
    input: {},
    answers: { ...answers, CheckMarts: ["States.Timeout"] },
    path: [...begin, ...partialBuild, ...end],
    branches: { ...well, Marts: ["Take", "Switch", ...crawl, "Check", "Failed"] },
    output: partial(["Marts"]),
  },
  {
    name: "a build that another has replaced during its crawl is not what queries read",
    machine,
    input: {},
    answers: { ...answers, ...inEach("Catalogue", [conditionFailed]) },
    path: [...begin, ...wholeBuild, ...end],
    branches: all(...crawl, ...found, "Superseded"),
  },
  {
    name: "a build without a pass of reconcile asks for another one",
    machine,
    input: {},
    answers: { ...answers, Reconcile: [reconciled("COALESCED")] },
    path: [
      ...begin,
      ...window,
      ...Array.from({ length: 71 }, () => ["AwaitReconcile", "Reconcile", "Reconciled"]).flat(),
      ...plans,
      "BuildMarts",
      ...publish,
      "AskForAnother",
      ...end,
    ],
    branches: well,
  },
  ...[
    { state: "HoldForGlue", path: ["HoldForGlue"] },
    { state: "HoldForFinish", path: [...glue, "HoldForFinish"] },
  ].map(
    ({ state, path }): Scenario => ({
      name: `who lost the lease at ${state} leaves the build to its new holder`,
      machine,
      input: {},
      answers: {
        ...answers,
        PlanMarts: [payload({ ...plan, engine: "glue" })],
        [state]: [conditionFailed],
        TakeLease: [leased(42), conditionFailed],
      },
      path: [...begin, ...window, ...plans, ...path, "TakeLease", "AnyBuild", "Coalesced"],
      output: { status: "COALESCED" },
    }),
  ),
  {
    name: "a job that fails on an old plan gets a new one",
    machine,
    input: {},
    answers: {
      ...answers,
      PlanMarts: [payload({ ...plan, engine: "glue" })],
      BuildMartsOnGlue: ["States.TaskFailed", {}],
    },
    path: [
      ...begin,
      ...window,
      ...plans,
      ...glue,
      "MorePlans",
      "PlanMarts",
      "Engine",
      ...onGlue,
      ...publish,
      ...end,
    ],
    branches: well,
  },
  {
    name: "a job that fails on three plans fails the execution",
    machine,
    input: {},
    answers: {
      ...answers,
      PlanMarts: [payload({ ...plan, engine: "glue" })],
      BuildMartsOnGlue: ["States.TaskFailed"],
    },
    path: [
      ...begin,
      ...window,
      "HoldForMarts",
      "CurrentMarts",
      ...[1, 2, 3].flatMap(() => ["PlanMarts", "Engine", ...glue, "MorePlans"]),
      "MartsFailed",
    ],
    error: "States.TaskFailed",
  },
  {
    name: "a build that is older than the current one does not take its place",
    machine,
    input: {},
    answers: { ...answers, ...inEach("Switch", [conditionFailed]) },
    path: [...begin, ...wholeBuild, ...end],
    branches: all("Superseded"),
    output: { status: "SUPERSEDED", builds: 1, build: built.build, curated_rows: 10, failed: [] },
  },
  {
    name: "a busy crawler is waited for and then crawls again, and a crawl is looked at until it has ended",
    machine,
    input: {},
    answers: {
      ...answers,
      ...inEach("Crawl", ["Glue.CrawlerRunningException", {}]),
      ...inEach("LookAtCrawl", [crawler("RUNNING"), crawler("STOPPING"), crawler("READY", "SUCCEEDED")]),
    },
    path: [...begin, ...wholeBuild, ...end],
    branches: all("Crawl", "Busy", "AwaitCrawler", ...crawl, ...look, ...look, ...found, "Published"),
  },
  {
    name: "a crawler that stays busy is given up after its tries",
    machine,
    input: {},
    answers: { ...answers, ...inEach("Crawl", ["Glue.CrawlerRunningException"]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all(
      ...Array.from({ length: 39 }, () => ["Crawl", "Busy", "AwaitCrawler"]).flat(),
      ...["Crawl", "Busy", "Failed"],
    ),
    output: partial(branches),
  },
  {
    name: "a crawl that does not end is given up after its looks",
    machine,
    input: {},
    answers: { ...answers, ...inEach("LookAtCrawl", [crawler("RUNNING", "SUCCEEDED")]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all("Crawl", ...Array.from({ length: 40 }, () => look).flat(), "Failed"),
    output: partial(branches),
  },
  {
    name: "a crawl that failed fails its branch",
    machine,
    input: {},
    answers: { ...answers, ...inEach("LookAtCrawl", [crawler("READY", "FAILED")]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all(...crawl, "Failed"),
    output: partial(branches),
  },
  {
    name: "rows that Athena does not find fail their branch",
    machine,
    input: {},
    answers: { ...answers, ...inEach("ReadCheck", [counted({ orders: "3", sales: "3" })]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all(...crawl, ...counts, "Failed"),
    output: partial(branches),
  },
  {
    name: "rows that Athena finds in another table than they were written to fail their branch: the sum is the same",
    machine,
    input: {},
    answers: { ...answers, ...inEach("ReadCheck", [counted({ orders: "4", sales: "3" })]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all(...crawl, ...counts, "Failed"),
    output: partial(branches),
  },
  {
    name: "a system of one table is checked like one of several",
    machine,
    input: {},
    answers: {
      ...answers,
      AnalyseRetailCopilot: [payload({ check: { ...check, counts: "query_patterns=5", rows: "5" } })],
      ReadCheckRetailCopilot: [counted({ query_patterns: "5" })],
    },
    path: [...begin, ...wholeBuild, ...end],
    branches: well,
    output: { status: "SUCCEEDED", builds: 1, build: built.build, curated_rows: 10, failed: [] },
  },
];
