import { describe, expect, test } from "vitest";
import { TaskFailure } from "../../packages/local/src/engine/index.ts";
import { outputOf, run, task, types } from "./run.ts";

/** Runs a task that always fails, and tells the seconds between its attempts. */
async function delays(retry: object, random = 0.5): Promise<number[]> {
  const { history } = await run(
    { Call: { ...task, Retry: [{ ErrorEquals: ["States.ALL"], ...retry }], End: true } },
    { answer: () => Promise.reject(new TaskFailure("Broken")), random: () => random },
  );
  const attempts = history.filter(({ type }) => type === "TaskScheduled").map(({ timestamp }) => timestamp);
  return attempts.slice(1).map((at, index) => (at - (attempts[index] ?? 0)) / 1000);
}

describe("Retry", () => {
  test("waits a second, twice that, and twice that again unless told otherwise", async () => {
    expect(await delays({})).toEqual([1, 2, 4]);
  });

  test("grows by BackoffRate up to MaxDelaySeconds", async () => {
    const retry = { IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 20 };

    expect(await delays(retry)).toEqual([2, 6, 18, 20]);
  });

  test("with full jitter waits a random part of the delay, after the cap", async () => {
    const retry = { IntervalSeconds: 8, MaxAttempts: 3, MaxDelaySeconds: 10, JitterStrategy: "FULL" };

    expect(await delays(retry, 0.25)).toEqual([2, 2.5, 2.5]);
  });

  test("counts each retrier on its own", async () => {
    const errors = ["A", "B", "A", "B", "A"];
    const { outcome, history } = await run(
      {
        Call: {
          ...task,
          Retry: [
            { ErrorEquals: ["A"], MaxAttempts: 2 },
            { ErrorEquals: ["B"], MaxAttempts: 2 },
          ],
          End: true,
        },
      },
      { answer: () => Promise.reject(new TaskFailure(errors.shift())) },
    );

    expect(outcome).toMatchObject({ status: "FAILED", error: "A" });
    expect(types(history).filter((type) => type === "TaskFailed")).toHaveLength(5);
  });

  test("the context counts the retries", async () => {
    const seen: unknown[] = [];
    await run(
      {
        Call: {
          ...task,
          Resource: "arn:aws:lambda:us-east-1:000000000000:function:f",
          Arguments: { count: "{% $states.context.State.RetryCount %}" },
          Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 2 }],
          End: true,
        },
      },
      {
        answer: ({ arguments: given, state }) => {
          seen.push([given, state.retryCount]);
          throw new TaskFailure("Broken");
        },
      },
    );

    expect(seen).toEqual([0, 1, 2].map((count) => [{ count }, count]));
  });

  test("of a Parallel runs its branches again", async () => {
    let calls = 0;
    const output = await outputOf(
      {
        Both: {
          Type: "Parallel",
          Branches: [{ StartAt: "Call", States: { Call: { ...task, End: true } } }],
          Retry: [{ ErrorEquals: ["Broken"] }],
          End: true,
        },
      },
      {
        answer: () => {
          calls += 1;
          if (calls < 3) throw new TaskFailure("Broken");
          return calls;
        },
      },
    );

    expect(output).toEqual([3]);
  });
});

describe("which errors a name matches", () => {
  const caughtBy = (names: readonly string[], failure: TaskFailure) =>
    outputOf(
      {
        Call: {
          ...task,
          Catch: names.map((name) => ({ ErrorEquals: [name], Output: name, Next: "Caught" })),
          End: true,
        },
        Caught: { Type: "Succeed" },
      },
      { answer: () => Promise.reject(failure) },
    );
  const broad = ["States.TaskFailed", "States.ALL"];

  test.each([
    ["its own name before any other", ["Mine", ...broad], new TaskFailure("Mine"), "Mine"],
    ["States.TaskFailed any failure of a task", broad, new TaskFailure("Mine"), "States.TaskFailed"],
    ["States.TaskFailed no timeout", broad, new TaskFailure("States.Timeout"), "States.ALL"],
    ["States.ALL a failure without a name", ["States.ALL"], new TaskFailure(), "States.ALL"],
  ])("%s", async (_, names, failure, caught) => {
    expect(await caughtBy(names, failure)).toBe(caught);
  });

  test("States.Runtime cannot be caught, not even by name", async () => {
    expect(await caughtBy(["States.Runtime", ...broad], new TaskFailure("States.Runtime"))).toMatchObject({
      error: "States.Runtime",
    });
  });

  test("the error output has both members, null when the failure has none", async () => {
    const states = {
      Call: { ...task, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }], End: true },
      Caught: { Type: "Succeed" },
    };

    expect(await outputOf(states, { answer: () => Promise.reject(new TaskFailure("A", "b")) })).toEqual({
      Error: "A",
      Cause: "b",
    });
    expect(await outputOf(states, { answer: () => Promise.reject(new TaskFailure()) })).toEqual({
      Error: null,
      Cause: null,
    });
  });

  test("a service that throws something else fails the execution with its stack", async () => {
    const { outcome } = await run(
      {
        Call: { ...task, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }], End: true },
        Caught: { Type: "Succeed" },
      },
      {
        services: {
          call: () => {
            throw new TypeError("a bug");
          },
        },
      },
    );

    expect(outcome).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: expect.stringContaining("a bug"),
    });
  });
});
