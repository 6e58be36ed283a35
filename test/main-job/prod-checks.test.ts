import { describe, expect, it } from "vitest";
import type { Account } from "../../packages/local/src/main-job/account.ts";
import type { ExecutionFacts } from "../../packages/local/src/main-job/executions.ts";
import type { Prod } from "../../packages/local/src/main-job/prod/prod.ts";
import { prodChecks, prodRuns } from "../../packages/local/src/main-job/prod/prod-checks.ts";
import { someProd } from "./some-prod.ts";

type Counted = Pick<Account, "curated" | "curatedKeys" | "violations">;

const account: Counted = {
  curated: new Map([
    ["orders", 345],
    ["order_items", 12_000],
  ]),
  curatedKeys: new Map([["order_items", new Set(["a | 1", "a | 2", "bad | 1"])]]),
  violations: new Set(["total_equals_items/bad", "payments_equal_items/bad"]),
};
const runs = [run({ status: "SUCCEEDED", builds: 2, failed: [] }), run({ status: "COALESCED" })];

function run(output: unknown, status = "SUCCEEDED", workflow = "curated-to-prod"): ExecutionFacts {
  const text = output === undefined ? undefined : JSON.stringify(output);
  return {
    workflow,
    name: "r1",
    status,
    key: undefined,
    started: 0,
    ended: 1,
    output: text,
    error: undefined,
    cause: undefined,
  };
}

/** The checks that do not hold, with what they say. */
function faults(
  prod: Prod,
  counted: Counted = account,
  executions: readonly ExecutionFacts[] = runs,
): string[] {
  return prodChecks(prod, counted, prodRuns(executions))
    .filter(({ holds }) => !holds)
    .map(({ name, detail }) => `${name}: ${detail}`);
}

describe("the checks of prod", () => {
  it("hold when every curated sale is there, five systems are current and no branch failed", () => {
    expect(faults(someProd())).toEqual([]);
    expect(prodChecks(someProd(), account, prodRuns(runs)).map(({ name, detail }) => [name, detail])).toEqual(
      [
        ["no failed branch", "of 2 executions of curated-to-prod 1 built, the others left it to them"],
        ["five systems are current", "all with the marts at 20261121T053000Z-000002"],
        ["prod is of the last rows", "the build read all 12345 curated rows"],
        ["every curated sale is in prod", "2 of 3 order lines; 1 are of orders that break a rule"],
        ["the copilot answers", '2 rows to "What are the top 5 categories by revenue?"'],
      ],
    );
  });

  it.each([
    [
      "a partial build",
      run({ status: "PARTIAL", failed: ["compliance-guardian"] }),
      "r1 ended PARTIAL without compliance-guardian",
    ],
    ["an execution that failed", run(undefined, "FAILED"), "r1 ended FAILED"],
  ])("name %s", (_, execution, detail) => {
    expect(faults(someProd(), account, [...runs, execution])).toEqual([`no failed branch: ${detail}`]);
  });

  it("want a build", () => {
    expect(faults(someProd(), account, [run({ status: "SUCCEEDED" }, "SUCCEEDED", "reconcile")])).toEqual([
      "no failed branch: curated-to-prod built nothing",
    ]);
  });

  it("name a system without a build, one that is behind, and a report that is missing", () => {
    const prod = someProd();
    const [first, second, third, ...rest] = prod.systems;
    if (first === undefined || second === undefined || third === undefined) throw new Error("five systems");
    const older = "20261121T043000Z-000001";

    const [fault] = faults({
      ...prod,
      systems: [{ ...second, build: older }, { ...third, reports: {} }, ...rest],
    });

    expect(fault).toContain("market-intelligence-hub has no build");
    expect(fault).toContain(`demand-insights-engine is at ${older}`);
    expect(fault).toContain("compliance-guardian has no order-risk");
  });

  it("name a build that is older than what is curated", () => {
    const more = { ...account, curated: new Map([["orders", 12_346]]) };

    expect(faults(someProd(), more)).toEqual([
      "prod is of the last rows: the build read 12345 curated rows, 12346 are there",
    ]);
  });

  it("name a sale that is lost, and one that is of no curated row", () => {
    const lost = faults({ ...someProd(), soldLines: new Set(["a | 1"]) });
    const violating = faults({ ...someProd(), soldLines: new Set(["a | 1", "a | 2", "bad | 1"]) });

    expect(lost).toEqual(["every curated sale is in prod: order_items a | 2 is not"]);
    expect(violating).toEqual(["every curated sale is in prod: 1 lines of sales are of no such row"]);
  });

  it("name a question that was not answered", () => {
    expect(faults({ ...someProd(), asked: { question: "?", refused: "503 Nothing is built yet" } })).toEqual([
      "the copilot answers: 503 Nothing is built yet",
    ]);
  });

  it("name what could not be read", () => {
    expect(
      faults({ ...someProd(), unreadable: ["rows of churn (3 rows were promised, 2 are there)"] }),
    ).toEqual(["five systems are current: rows of churn (3 rows were promised, 2 are there)"]);
  });
});
