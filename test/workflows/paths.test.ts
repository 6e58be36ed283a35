import { describe, expect, test } from "vitest";
import type { Definition, Flow } from "../../workflows/asl/states.ts";
import { type Answers, execute, type Trace } from "./execute.ts";
import { machines, statesOf } from "./machines.ts";
import { branches } from "./prod-answers.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

const run = (scenario: Scenario, answers: Answers = scenario.answers): Promise<Trace> =>
  execute(scenario.machine, machines[scenario.machine], scenario.input, answers);

/** The flows of a machine, its own and those of its branches and maps, each with the path that a scenario takes through it. */
function paths({ machine, path, branches = {} }: Scenario): { flow: Flow; path: readonly string[] }[] {
  const inner = Object.values<Flow["States"][string]>(machines[machine].States)
    .flatMap((state) =>
      state.Type === "Parallel" ? state.Branches : state.Type === "Map" ? [state.ItemProcessor] : [],
    )
    .map((flow) => ({
      flow,
      path: Object.entries(branches).flatMap(([end, states]) =>
        flow.StartAt.endsWith(end) ? states.map((state) => state + end) : [],
      ),
    }));
  return [{ flow: machines[machine], path }, ...inner];
}

function expectPaths(scenario: Scenario, entered: readonly string[]): void {
  for (const { flow, path } of paths(scenario)) {
    expect(entered.filter((name) => Object.hasOwn(flow.States, name))).toEqual(path);
  }
}

describe("each path", () => {
  test.each(scenarios)("$machine: $name", async (scenario) => {
    const { outcome, states } = await run(scenario);

    expect(outcome).toMatchObject(
      scenario.error === undefined ? { status: "SUCCEEDED" } : { status: "FAILED", error: scenario.error },
    );
    expectPaths(scenario, states);
    if (scenario.output !== undefined)
      expect(outcome).toEqual({ status: "SUCCEEDED", output: scenario.output });
  });

  test("the paths cover every transition that a machine can make", () => {
    const walked = new Set(
      scenarios.flatMap((scenario) =>
        paths(scenario).flatMap(({ path }) =>
          path.slice(1).map((state, at) => `${scenario.machine}: ${path[at]} → ${state}`),
        ),
      ),
    );
    const possible = Object.entries(machines).flatMap(([machine, definition]) =>
      statesOf(definition).flatMap(([name, state]) =>
        targets(state).map((target) => `${machine}: ${name} → ${target}`),
      ),
    );

    // A branch that is run twice begins again where it ended, and so does what is done for each item.
    const inMachine = [...walked].filter(
      (step) => possible.includes(step) || !/ → (Current|Take|Which)[A-Z]|: (\w+) → \2$/.test(step),
    );
    expect(inMachine.toSorted()).toEqual([...new Set(possible)].toSorted());
  });
});

/** The five systems' branches differ in the ends of their states' names only: one of them is tried. */
function alike(state: string): string {
  const end = branches.find((branch) => branch !== "Marts" && state.endsWith(branch));
  return end === undefined ? state : `${state.slice(0, -end.length)}System`;
}

describe("each retry", () => {
  // One error name of one retrier of one state, put before the answer that the path's scenario has for that state.
  const retries = scenarios
    .filter(
      ({ answers }) =>
        !Object.values(answers)
          .flat()
          .some((answer) => typeof answer === "string"),
    )
    .flatMap((scenario) => {
      const entered = new Set(paths(scenario).flatMap(({ path }) => path));
      return statesOf(machines[scenario.machine]).flatMap(([state, definition]) =>
        definition.Type === "Task" && entered.has(state)
          ? definition.Retry.flatMap((retrier) =>
              retrier.ErrorEquals.map((error) => ({ scenario, state, error })),
            )
          : [],
      );
    });
  const unique = [
    ...new Map(
      retries.map((retry) => [`${retry.scenario.machine}: ${alike(retry.state)} on ${retry.error}`, retry]),
    ),
  ];

  test.each(unique)("%s", async (_name, { scenario, state, error }) => {
    const answer = scenario.answers[state] ?? [{}];

    const { outcome, states, calls } = await run(scenario, {
      ...scenario.answers,
      [state]: [error, ...answer],
    });

    expect(outcome.status).toBe(scenario.error === undefined ? "SUCCEEDED" : "FAILED");
    expectPaths(scenario, states);
    expect(calls.filter((call) => call.state === state).length).toBe(
      states.filter((entered) => entered === state).length + 1,
    );
  });

  test("every retrier of every task was among them", () => {
    const all = Object.entries(machines).flatMap(([machine, definition]: [string, Definition]) =>
      statesOf(definition).flatMap(([name, state]) =>
        state.Type === "Task"
          ? state.Retry.flatMap(({ ErrorEquals }) =>
              ErrorEquals.map((error) => `${machine}: ${alike(name)} on ${error}`),
            )
          : [],
      ),
    );
    // One that only follows a failure is tried by the failure's scenario.
    const afterFailure = [
      "GiveUpLease",
      "GoOn",
      "LetGo",
      "NotifyTypesFailed",
      "RecordCoalesced",
      "RecordRefused",
    ];

    expect(unique.map(([name]) => name).toSorted()).toEqual(
      [...new Set(all)]
        .filter((name) => !afterFailure.some((state) => name.includes(`: ${state} on`)))
        .toSorted(),
    );
  });
});

describe("what cannot go on", () => {
  test.each([
    ["Inspect", "ObjectMissing"],
    ["Inspect", "InvalidInput"],
    ["RefineInLambda", "ContractViolation"],
    ["RecordRun", "DynamoDB.ResourceNotFoundException"],
  ])("fails at %s on %s, at once", async (state, error) => {
    const [scenario] = scenarios;
    if (!scenario) throw new Error("there are no scenarios");

    const { outcome, states, calls } = await run(scenario, { ...scenario.answers, [state]: [error] });

    expect(outcome).toMatchObject({ status: "FAILED", error });
    expect(states.at(-1)).toBe(state);
    expect(calls.filter((call) => call.state === state)).toHaveLength(1);
  });

  test("throttling that does not end fails after four tries, with backoff between them", async () => {
    const [scenario] = scenarios;
    if (!scenario) throw new Error("there are no scenarios");

    const { outcome, calls, history } = await run(scenario, { Inspect: ["Lambda.TooManyRequestsException"] });

    expect(outcome).toMatchObject({ status: "FAILED", error: "Lambda.TooManyRequestsException" });
    expect(calls.filter((call) => call.state === "Inspect")).toHaveLength(4);
    const tries = history.filter(({ type }) => type === "TaskScheduled").map(({ timestamp }) => timestamp);
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses).toEqual([1000, 2000, 4000]);
  });
});

describe("what the services are asked", () => {
  test("the run record of a rejected run is marked over the limit and keeps the counts", async () => {
    const scenario = scenarios.find(({ path }) => path.includes("NotifyRowsRejected"));
    if (!scenario) throw new Error("there is no such scenario");

    const { calls } = await run(scenario);

    const notice = calls.find(({ state }) => state === "NotifyRowsRejected")?.arguments;
    expect(notice).toMatchObject({ TopicArn: expect.stringMatching(/data-engineering$/) });
    expect(JSON.parse((notice as { Message: string }).Message)).toMatchObject({
      rejected: 2,
      over_limit: true,
      by_rule: { "status.one_of": 2 },
    });
    expect(calls.find(({ state }) => state === "RecordRun")?.arguments).toMatchObject({
      Key: { run_id: { S: "raw-to-curated/run-1" } },
      ExpressionAttributeValues: {
        ":quarantined": { N: "2" },
        ":over_rejection_limit": { BOOL: true },
        ":object": { S: "s3://raw/ecommerce/orders-raw/year=2025/month=01/day=16/part 1 é.parquet" },
      },
    });
  });

  test("a dead letter holds the execution, its machine and its original input", async () => {
    const scenario = scenarios.find(({ machine }) => machine === "on-failure");
    if (!scenario) throw new Error("there is no such scenario");

    const { calls } = await run(scenario);

    const letter = calls.find(({ state }) => state === "KeepDeadLetter")?.arguments as {
      MessageBody: string;
    };
    expect(JSON.parse(letter.MessageBody)).toEqual({
      run_id: "raw-to-curated/run-7",
      execution: "arn:aws:states:us-east-1:000000000000:execution:raw-to-curated:run-7",
      machine: "arn:aws:states:us-east-1:000000000000:stateMachine:raw-to-curated",
      status: "FAILED",
      input: "{}",
      error: "ObjectMissing",
      cause: "gone",
      attempt: 1,
      at: "2025-01-16T08:00:00Z",
    });
  });
});

/** The names that a state can go on to. */
function targets(state: Definition["States"][string]): string[] {
  const next = "Next" in state && state.Next ? [state.Next] : [];
  const choices = state.Type === "Choice" ? [...state.Choices.map(({ Next }) => Next), state.Default] : [];
  const caught = "Catch" in state && state.Catch ? state.Catch.map(({ Next }) => Next) : [];
  return [...next, ...choices, ...caught];
}
