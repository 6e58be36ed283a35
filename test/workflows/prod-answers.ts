import { systems } from "@penstock/contracts";
import { branchState } from "../../workflows/curated-to-prod.ts";
import type { Answers } from "./execute.ts";

export const machine = "curated-to-prod";
/** The branches, by what their states' names end in. */
export const branches = ["marts", ...Object.keys(systems)].map((system) => branchState("", system));

export const payload = (value: unknown) => ({ Payload: value, StatusCode: 200 });
export const leased = (generation: number) => ({ Attributes: { generation: { N: String(generation) } } });
const requested = (times: number) => ({ Attributes: { requested: { N: String(times) } } });
export const conditionFailed = "DynamoDB.ConditionalCheckFailedException";
export const check = { sql: "SELECT …", counts: "orders=3 sales=4", rows: "7" };
export const plan = {
  engine: "lambda",
  curated_bytes: 9,
  plan: "s3://artifacts/plan.json",
  result: "s3://artifacts/result.json",
};
export const built = {
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
export const counted = (tables: Readonly<Record<string, string>>) => ({
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

export const begin = ["Request", "TakeLease"];
export const window = ["Window", "ReadRequests", "Reconcile", "Reconciled"];
export const plans = ["HoldForMarts", "CurrentMarts", "PlanMarts", "Engine"];
export const publish = ["HoldForSystems", "Publish", "AnyBranchFailed", "ListWasNew"];
const partly = ["HoldForSystems", "Publish", "AnyBranchFailed", "NotifyPartial", "ListWasNew"];
export const wholeBuild = [...window, ...plans, "BuildMarts", ...publish];
export const partialBuild = [...window, ...plans, "BuildMarts", ...partly];
export const end = ["ReturnLease", "RecordRun", "Built"];
export const glue = ["HoldForGlue", "BuildMartsOnGlue"];
export const onGlue = [...glue, "HoldForFinish", "FinishMarts"];

export const crawl = ["Crawl", "AwaitCrawl", "LookAtCrawl", "Crawled"];
export const look = ["AwaitCrawl", "LookAtCrawl", "Crawled"];
export const counts = ["Check", "ReadCheck", "Counted"];
export const found = [...counts, "Catalogue"];

/** The same way through every branch, from its `Switch` on; the marts' begins otherwise, since they are written. */
export const all = (...path: string[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    branches.map((branch) => [
      branch,
      [...(branch === "Marts" ? ["Take"] : ["Current", "Analyse"]), "Switch", ...path],
    ]),
  );
export const well = all(...crawl, ...found, "Published");
