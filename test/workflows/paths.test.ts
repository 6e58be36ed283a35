import { describe, expect, test } from "vitest";
import type { Definition } from "../../workflows/asl/states.ts";
import { type Answers, execute, type Trace } from "./execute.ts";
import { machines } from "./machines.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

const run = (scenario: Scenario, answers: Answers = scenario.answers): Promise<Trace> =>
  execute(scenario.machine, machines[scenario.machine], scenario.input, answers);

describe("each path", () => {
  test.each(scenarios)("$machine: $name", async (scenario) => {
    const { outcome, states } = await run(scenario);

    expect(outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(states).toEqual(scenario.path);
    if (scenario.output !== undefined)
      expect(outcome).toEqual({ status: "SUCCEEDED", output: scenario.output });
  });

  test("the paths cover every transition that a machine can make", () => {
    const walked = new Set(
      scenarios.flatMap(({ machine, path }) =>
        path.slice(1).map((state, at) => `${machine}: ${path[at]} → ${state}`),
      ),
    );
    const possible = Object.entries(machines).flatMap(([machine, definition]) =>
      Object.entries(definition.States).flatMap(([name, state]) =>
        targets(state).map((target) => `${machine}: ${name} → ${target}`),
      ),
    );

    expect([...walked].toSorted()).toEqual([...new Set(possible)].toSorted());
  });
});

describe("each retry", () => {
  // One error name of one retrier of one state, put before the answer that the path's scenario has for that state.
  const retries = scenarios
    .filter(
      ({ answers }) =>
        !Object.values(answers)
          .flat()
          .some((answer) => typeof answer === "string"),
    )
    .flatMap((scenario) =>
      Object.entries(machines[scenario.machine].States).flatMap(([state, definition]) =>
        definition.Type === "Task" && scenario.path.includes(state)
          ? definition.Retry.flatMap((retrier) =>
              retrier.ErrorEquals.map((error) => ({ scenario, state, error })),
            )
          : [],
      ),
    );
  const unique = [
    ...new Map(
      retries.map((retry) => [`${retry.scenario.machine}: ${retry.state} on ${retry.error}`, retry]),
    ),
  ];

  test.each(unique)("%s", async (_name, { scenario, state, error }) => {
    const answer = scenario.answers[state] ?? [{}];

    const { outcome, states, calls } = await run(scenario, {
      ...scenario.answers,
      [state]: [error, ...answer],
    });

    expect(outcome.status).toBe("SUCCEEDED");
    expect(states).toEqual(scenario.path);
    expect(calls.filter((call) => call.state === state).length).toBe(
      scenario.path.filter((entered) => entered === state).length + 1,
    );
  });

  test("every retrier of every task was among them", () => {
    const all = Object.entries(machines).flatMap(([machine, definition]: [string, Definition]) =>
      Object.entries(definition.States).flatMap(([name, state]) =>
        state.Type === "Task"
          ? state.Retry.flatMap(({ ErrorEquals }) =>
              ErrorEquals.map((error) => `${machine}: ${name} on ${error}`),
            )
          : [],
      ),
    );

    expect(unique.map(([name]) => name).toSorted()).toEqual(all.toSorted());
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
