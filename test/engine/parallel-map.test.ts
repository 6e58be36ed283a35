import { describe, expect, test } from "vitest";
import { TaskFailure } from "../../packages/local/src/engine/index.ts";
import { numbered, outputOf, run, task, types } from "./run.ts";

const items = { StartAt: "Item", States: { Item: { Type: "Pass", End: true } } };

describe("Parallel", () => {
  test("gives every branch its Arguments and returns their outputs in order, whoever is first", async () => {
    const wait = (name: string, seconds: number) => ({
      StartAt: name,
      States: {
        [name]: { Type: "Wait", Seconds: seconds, Output: `{% '${name}' & $states.input.n %}`, End: true },
      },
    });
    const states = {
      Both: {
        Type: "Parallel",
        Arguments: { n: "{% $states.input * 2 %}" },
        Branches: [wait("Slow", 20), wait("Quick", 10)],
        Output: { all: "{% $states.result %}", was: "{% $states.input %}" },
        End: true,
      },
    };

    const { outcome, execution } = await run(states, { input: 2 });

    expect(outcome).toEqual({ status: "SUCCEEDED", output: { all: ["Slow4", "Quick4"], was: 2 } });
    expect((execution.stoppedAt ?? 0) - execution.startedAt).toBe(20_000);
  });

  test("a branch that fails stops its siblings, and is told before them", async () => {
    const signals: boolean[] = [];
    const { outcome, history } = await run(
      {
        Both: {
          Type: "Parallel",
          Branches: [
            { StartAt: "Bad", States: { Bad: { ...task, End: true } } },
            {
              StartAt: "Idle",
              States: { Idle: { Type: "Wait", Seconds: 60, Next: "After" }, After: { Type: "Succeed" } },
            },
            { StartAt: "Busy", States: { Busy: { ...task, End: true } } },
          ],
          Catch: [{ ErrorEquals: ["Broken"], Next: "Caught" }],
          End: true,
        },
        Caught: { Type: "Pass", End: true },
      },
      {
        answer: ({ state, signal }) => {
          if (state.name === "Bad") throw new TaskFailure("Broken");
          return new Promise(() => signal.addEventListener("abort", () => signals.push(true)));
        },
      },
    );

    expect(outcome).toEqual({ status: "SUCCEEDED", output: { Error: "Broken", Cause: null } });
    expect(signals).toEqual([true]);
    const failed = history.find(({ type }) => type === "TaskFailed")?.id;
    const end = history.filter(({ id }) => id > (failed ?? 0));
    expect(end.map(({ previousEventId, type }) => `${previousEventId} ${type}`)).toEqual([
      `${failed} TaskStateAborted`,
      `${failed} WaitStateAborted`,
      `${failed} TaskStateAborted`,
      `${failed} ParallelStateFailed`,
      `${(failed ?? 0) + 4} ParallelStateExited`,
      `${(failed ?? 0) + 5} PassStateEntered`,
      `${(failed ?? 0) + 6} PassStateExited`,
      `${(failed ?? 0) + 7} ExecutionSucceeded`,
    ]);
  });
});

describe("Map", () => {
  test("its events, one item at a time: numbered and chained as AWS does", async () => {
    const states = {
      Each: { Type: "Map", Items: ["a", "{% 'b' %}"], MaxConcurrency: 1, ItemProcessor: items, End: true },
    };

    const { outcome, history } = await run(states);

    expect(outcome).toEqual({ status: "SUCCEEDED", output: ["a", "b"] });
    expect(numbered(history)).toEqual([
      "1<0 ExecutionStarted",
      "2<0 MapStateEntered",
      "3<2 MapStateStarted",
      "4<3 MapIterationStarted",
      "5<4 PassStateEntered",
      "6<5 PassStateExited",
      "7<6 MapIterationSucceeded",
      "8<6 MapIterationStarted",
      "9<8 PassStateEntered",
      "10<9 PassStateExited",
      "11<10 MapIterationSucceeded",
      "12<11 MapStateSucceeded",
      "13<11 MapStateExited",
      "14<13 ExecutionSucceeded",
    ]);
  });

  test("ItemSelector sees the state's input and the item; the item stays in the context", async () => {
    const states = {
      Each: {
        Type: "Map",
        Items: "{% $states.input.list %}",
        ItemSelector: {
          i: "{% $states.context.Map.Item.Index %}",
          v: "{% $states.context.Map.Item.Value %}",
          n: "{% $states.input.n %}",
        },
        ItemProcessor: {
          StartAt: "Item",
          States: {
            Item: {
              Type: "Pass",
              Output: ["{% $states.input %}", "{% $states.context.Map.Item.Value %}"],
              End: true,
            },
          },
        },
        End: true,
      },
    };

    expect(await outputOf(states, { input: { list: ["x", "y"], n: 9 } })).toEqual([
      [{ i: 0, v: "x", n: 9 }, "x"],
      [{ i: 1, v: "y", n: 9 }, "y"],
    ]);
  });

  test.each([
    [3, 3],
    [0, 40],
    [1000, 40],
  ])("MaxConcurrency %i runs %i items at the same time", async (maxConcurrency, most) => {
    let running = 0;
    let seen = 0;
    const states = {
      Each: {
        Type: "Map",
        Items: "{% [1..100] %}",
        MaxConcurrency: maxConcurrency,
        ItemProcessor: { StartAt: "Call", States: { Call: { ...task, End: true } } },
        Output: "{% $count($states.result) %}",
        End: true,
      },
    };

    const output = await outputOf(states, {
      answer: async () => {
        running += 1;
        seen = Math.max(seen, running);
        await new Promise(setImmediate);
        running -= 1;
        return {};
      },
    });

    expect(output).toBe(100);
    expect(seen).toBe(most);
  });

  test("of no items succeeds with no results", async () => {
    const states = { Each: { Type: "Map", Items: [], ItemProcessor: items, End: true } };

    expect(await outputOf(states)).toEqual([]);
  });

  test("an item that fails fails the state, after as many items as were through", async () => {
    const { outcome, history } = await run(
      {
        Each: {
          Type: "Map",
          Items: [1, 2, 3],
          MaxConcurrency: 1,
          ItemProcessor: {
            StartAt: "Call",
            States: { Call: { ...task, Arguments: "{% $states.input %}", End: true } },
          },
          End: true,
        },
      },
      {
        answer: ({ arguments: item }) => {
          if (item === 2) throw new TaskFailure("Broken", "at two");
          return item;
        },
      },
    );

    expect(outcome).toEqual({ status: "FAILED", error: "Broken", cause: "at two" });
    expect(types(history).slice(-5)).toEqual([
      "TaskFailed",
      "MapIterationFailed",
      "TaskStateAborted",
      "MapStateFailed",
      "ExecutionFailed",
    ]);
  });

  test("an ItemSelector that fails fails the state", async () => {
    const states = {
      Each: { Type: "Map", Items: [1], ItemSelector: "{% $nothing %}", ItemProcessor: items, End: true },
    };

    expect(await outputOf(states)).toMatchObject({ error: "States.QueryEvaluationError" });
  });
});
