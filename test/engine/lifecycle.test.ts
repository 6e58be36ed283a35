import { describe, expect, test } from "vitest";
import { maxHistoryEvents, TaskFailure } from "../../packages/local/src/engine/index.ts";
import { outputOf, run, start, task, types } from "./run.ts";

describe("stop", () => {
  test("interrupts a wait at once; nothing follows the abort", async () => {
    const execution = start({
      Wait: { Type: "Wait", Seconds: 3600, Next: "After" },
      After: { Type: "Succeed" },
    });
    await new Promise(setImmediate);

    execution.stop("Enough", "by hand");
    execution.stop("Again");

    expect(await execution.result).toEqual({ status: "ABORTED", error: "Enough", cause: "by hand" });
    await new Promise(setImmediate);
    expect(types(execution.history)).toEqual(["ExecutionStarted", "WaitStateEntered", "ExecutionAborted"]);
  });

  test("before the first state has been entered", async () => {
    const execution = start({ Done: { Type: "Succeed" } });

    execution.stop();

    expect(await execution.result).toMatchObject({ status: "ABORTED" });
    await new Promise(setImmediate);
    expect(types(execution.history)).toEqual(["ExecutionStarted", "ExecutionAborted"]);
  });
});

describe("redrive", () => {
  test("resumes only the branches of a Parallel that did not succeed", async () => {
    const calls: string[] = [];
    let broken = true;
    const branch = (name: string) => ({ StartAt: name, States: { [name]: { ...task, End: true } } });
    const { execution, outcome } = await run(
      { Both: { Type: "Parallel", Branches: [branch("Good"), branch("Bad")], End: true } },
      {
        answer: ({ state: { name } }) => {
          calls.push(name);
          if (name === "Bad" && broken)
            return new Promise((_, fail) => setImmediate(fail, new TaskFailure("Broken")));
          return name;
        },
      },
    );
    broken = false;

    execution.redrive();

    expect(outcome).toMatchObject({ status: "FAILED", error: "Broken" });
    expect(await execution.result).toEqual({ status: "SUCCEEDED", output: ["Good", "Bad"] });
    expect(calls).toEqual(["Good", "Bad", "Bad"]);
    expect(types(execution.history).filter((type) => type === "ParallelStateEntered")).toHaveLength(1);
  });

  test("resumes only the items of a Map that did not succeed, with the same items and variables", async () => {
    const calls: unknown[] = [];
    let broken = true;
    const { execution } = await run(
      {
        Start: { Type: "Pass", Assign: { sign: -1 }, Next: "Each" },
        Each: {
          Type: "Map",
          Items: [1, 2, 3],
          MaxConcurrency: 1,
          ItemProcessor: {
            StartAt: "Call",
            States: { Call: { ...task, Arguments: "{% $states.input * $sign %}", End: true } },
          },
          End: true,
        },
      },
      {
        answer: ({ arguments: item }) => {
          calls.push(item);
          if (item === -2 && broken) throw new TaskFailure("Broken");
          return item;
        },
      },
    );
    broken = false;

    execution.redrive();

    expect(await execution.result).toEqual({ status: "SUCCEEDED", output: [-1, -2, -3] });
    expect(calls).toEqual([-1, -2, -2, -3]);
  });

  test("starts the retries of the failed state anew", async () => {
    let calls = 0;
    const { execution } = await run(
      { Call: { ...task, Retry: [{ ErrorEquals: ["Broken"], MaxAttempts: 1 }], End: true } },
      {
        answer: () => {
          calls += 1;
          if (calls < 4) throw new TaskFailure("Broken");
          return calls;
        },
      },
    );

    execution.redrive();

    expect(await execution.result).toEqual({ status: "SUCCEEDED", output: 4 });
  });

  test("waits on to the same instant after an abort", async () => {
    const execution = start({ Wait: { Type: "Wait", Seconds: 100, End: true } });
    await new Promise(setImmediate);
    execution.stop();
    await execution.result;

    execution.redrive();

    expect(await execution.result).toMatchObject({ status: "SUCCEEDED" });
    expect((execution.stoppedAt ?? 0) - execution.startedAt).toBe(100_000);
  });

  test("right after an abort does not mix with what the abort interrupted", async () => {
    let calls = 0;
    const execution = start(
      { Call: { ...task, End: true } },
      {
        answer: () => {
          calls += 1;
          return calls === 1 ? new Promise(() => {}) : "second";
        },
      },
    );
    await new Promise(setImmediate);
    execution.stop();

    execution.redrive();

    expect(await execution.result).toEqual({ status: "SUCCEEDED", output: "second" });
    expect(types(execution.history).slice(4)).toEqual([
      "ExecutionAborted",
      "ExecutionRedriven",
      "TaskScheduled",
      "TaskStarted",
      "TaskSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
  });

  test("evaluates the choice again that failed, and tells of the redrive in the context", async () => {
    let broken = true;
    const states = {
      Call: { ...task, Arguments: "{% $states.context.Execution.RedriveCount %}", Next: "Fail" },
      Fail: {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.context.Execution.RedriveCount = 1 %}", Next: "Done" }],
      },
      Done: { Type: "Succeed", Output: "{% $states.context.Execution.RedriveTime %}" },
    };
    const { execution, outcome } = await run(states, {
      answer: () => {
        broken = false;
        return 0;
      },
    });

    execution.redrive();

    expect(outcome).toMatchObject({ error: "States.NoChoiceMatched" });
    expect(broken).toBe(false);
    expect(await execution.result).toMatchObject({ output: expect.stringMatching(/^2025-01-15T12:00:00/) });
    expect(types(execution.history).filter((type) => type === "ChoiceStateEntered")).toHaveLength(2);
  });

  test("is refused while it runs and once it succeeded", async () => {
    const execution = start({ Done: { Type: "Succeed" } });

    expect(() => execution.redrive()).toThrow("Execution is RUNNING and cannot be redriven");
    await execution.result;
    expect(() => execution.redrive()).toThrow("Execution is SUCCEEDED and cannot be redriven");
  });
});

describe("the quota of 25,000 events", () => {
  const loop = {
    Start: { Type: "Pass", Assign: { n: 0 }, Next: "Count" },
    Count: {
      Type: "Choice",
      Choices: [{ Condition: "{% $n >= 13000 %}", Next: "Done" }],
      Default: "Count",
      Assign: { n: "{% $n + 1 %}" },
    },
    Done: { Type: "Succeed" },
  };

  test("ends the execution with States.Runtime as its last event, and it cannot be redriven", async () => {
    const { outcome, execution } = await run(loop);

    expect(outcome).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: "The execution reached the maximum number of history events (25000).",
    });
    expect(execution.history).toHaveLength(maxHistoryEvents);
    expect(execution.history.at(-1)).toMatchObject({ id: 25_000, type: "ExecutionFailed" });
    expect(execution.notRedrivable).toBe("Execution event history limit exceeded and cannot be redriven");
  });

  test("can be lifted for a benchmark", async () => {
    expect(await outputOf(loop, { maxEvents: Number.POSITIVE_INFINITY })).toEqual({});
  });
});
