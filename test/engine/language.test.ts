import { describe, expect, test } from "vitest";
import { outputOf, run, task } from "./run.ts";

/** The output of one Pass state, or how the execution failed. */
const evaluate = (output: unknown, input: unknown = {}) =>
  outputOf({ Pass: { Type: "Pass", Output: output, End: true } }, { input });

/** The end of AWS's sentence about an expression that failed, after the field's name. */
async function problemOf(expression: string, input: unknown = {}): Promise<string | undefined> {
  const { outcome } = await run(
    { Pass: { Type: "Pass", Output: `{% ${expression} %}`, End: true } },
    { input },
  );
  if (outcome.status !== "FAILED") return `no problem, but ${JSON.stringify(outcome)}`;
  expect(outcome.error).toBe("States.QueryEvaluationError");
  return /specified for the field 'Output' ([\s\S]*)$/.exec(outcome.cause ?? "")?.[1];
}

describe("what an expression may yield", () => {
  test.each([
    ["[1]", [1]],
    ["$states.input.one", [1]],
    ["$states.input.one[0]", 1],
    ["$states.input.list", [{ n: 1 }, { n: 2 }]],
    ["$states.input.list[n = 2]", { n: 2 }],
    ["[$states.input.list[n = 2]]", [{ n: 2 }]],
    ["$states.input.list[n = 2][]", [{ n: 2 }]],
    ["$states.input.list.n", [1, 2]],
    ["$states.input.list[n > 5]^(n) ~> $count", 0],
    ["[$states.input.list[n > 5]]", []],
    ["{'a': $states.input.nothing, 'b': null}", { b: null }],
    ["null", null],
    ["10000000 * 10000000", 100_000_000_000_000],
    ["7 / 2", 3.5],
    ["$match('ab12', /[a-z]+/).match", "ab"],
    ["$replace('a-b-c', /-/, '_')", "a_b_c"],
    ["$fromMillis(0, '[Y0001]-[M01]-[D01]')", "1970-01-01"],
    ["$toMillis('1970-01-01T00:00:01Z')", 1000],
    ["$fromMillis(1500, '[H01]:[m01]:[s01].[f001] [z]', '+0200')", "02:00:01.500 GMT+02:00"],
    ["$count($range(1, 100000, 1))", 100_000],
    ["$sort([3, 1, 2])", [1, 2, 3]],
    ["$parse('[1, {\"a\": null}]')", [1, { a: null }]],
    ["$now() = $now()", true],
    ["$range(-1.7, 2, 1)", [-1, 0, 1, 2]],
    ["$partition([1, 2, 3], 2.9)", [[1, 2], [3]]],
    ["$merge([{'a': 1}, {'b': 2}])", { a: 1, b: 2 }],
    ["$reduce([1..4], function($a, $b) { $a + $b })", 10],
  ])("%s", async (expression, value) => {
    expect(await evaluate(`{% ${expression} %}`, { one: [1], list: [{ n: 1 }, { n: 2 }] })).toEqual(value);
  });

  test.each([
    ["$states.input.nothing", "returned nothing (undefined)."],
    ["function($x) { $x }", "returned an unsupported result type."],
    ["$sum", "returned an unsupported result type."],
    ["{'f': $sum}", "returned an unsupported result type."],
    ["/a/", "returned an unsupported result type."],
    ["1 / 0", "threw an error during evaluation. D1001: Number out of range: Infinity"],
    [
      "'a' + 1",
      'threw an error during evaluation. T2001: The left side of the "+" operator must evaluate to a number',
    ],
    ["$eval('1')", "threw an error during evaluation. T1006: Attempted to invoke a non-function"],
    ["$parse('{')", /^threw an error during evaluation: /],
    ["$partition([1], 0)", /^threw an error during evaluation: /],
    ["$range(1, 2, 0)", /^threw an error during evaluation: /],
    ["$range(1, 2)", "returned nothing (undefined)."],
    ["$hash('a', 'CRC32')", /^threw an error during evaluation: /],
    ["$hash(1, 'MD5')", /^threw an error during evaluation: /],
    ["$random('seed')", /^threw an error during evaluation: /],
    ["$error('mine')", "threw an error during evaluation. D3137: mine"],
    ["$assert(false, 'wrong')", "threw an error during evaluation. D3141: wrong"],
  ])("%s fails as AWS fails", async (expression, problem) => {
    expect(await problemOf(expression)).toEqual(
      typeof problem === "string" ? problem : expect.stringMatching(problem),
    );
  });

  test("the functions that AWS adds", async () => {
    const output = {
      uuid: "{% $uuid() %}",
      random: "{% $random() >= 0 and $random() < 1 %}",
      seeded: "{% $random(42) %}",
      md5: "{% $hash('a', 'MD5') %}",
      sha1: "{% 'a' ~> $hash('SHA-1') %}",
    };

    expect(await evaluate(output)).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      random: true,
      // As measured on AWS.
      seeded: 0.7275636800328681,
      md5: "0cc175b9c0f1b6a831c399e269772661",
      sha1: "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8",
    });
  });
});

describe("fields that want one type", () => {
  const processor = { StartAt: "Item", States: { Item: { Type: "Pass", End: true } } };

  test.each([
    ["MaxConcurrency", "{% 'x' %}", "Expected 'integer', but was 'string' for value: \"x\""],
    ["MaxConcurrency", "{% 1.5 %}", "Expected 'integer', but was 'number' for value: 1.5"],
    ["Items", "{% {'a': 1} %}", "Expected 'array', but was 'object' for value: {\"a\":1}"],
    ["Items", "{% null %}", "Expected 'array', but was 'null' for value: null"],
  ])("%s of a Map as %s", async (field, value, ending) => {
    const { outcome } = await run(
      { Map: { Type: "Map", Items: [], [field]: value, ItemProcessor: processor, End: true } },
      {},
    );

    expect(outcome).toMatchObject({
      status: "FAILED",
      error: "States.QueryEvaluationError",
      cause: expect.stringMatching(new RegExp(`returned an unexpected result type\\. ${escaped(ending)}$`)),
    });
  });

  test.each([
    ["TimeoutSeconds", "{% '5' %}"],
    ["TimeoutSeconds", "{% 0 %}"],
    ["HeartbeatSeconds", "{% -1 %}"],
  ])("%s of a Task as %s can be caught", async (field, value) => {
    const states = {
      Call: {
        ...task,
        Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
        [field]: value,
        Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Output: "caught", Next: "Done" }],
        End: true,
      },
      Done: { Type: "Succeed" },
    };

    expect(await outputOf(states)).toBe("caught");
  });

  test("Items may be an object's members in the form that JSONata makes of them", async () => {
    const states = {
      Map: {
        Type: "Map",
        Items: "{% $each($states.input, function($value, $key) { {'k': $key, 'v': $value} }) %}",
        ItemProcessor: processor,
        End: true,
      },
    };

    expect(await outputOf(states, { input: { a: 1, b: 2 } })).toEqual([
      { k: "a", v: 1 },
      { k: "b", v: 2 },
    ]);
  });
});

describe("what a failing Output, Assign or Arguments of a task leads to", () => {
  test.each(["Arguments", "Output", "Assign"])(
    "%s fails the attempt: retried, then caught",
    async (field) => {
      let calls = 0;
      const states = {
        Call: {
          ...task,
          [field]: { FunctionName: "{% $nothing %}" },
          Retry: [{ ErrorEquals: ["States.QueryEvaluationError"], MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput.Error %}", Next: "Done" }],
          End: true,
        },
        Done: { Type: "Succeed" },
      };
      const answer = () => {
        calls += 1;
        return {};
      };

      expect(await outputOf(states, { answer })).toBe("States.QueryEvaluationError");
      expect(calls).toBe(field === "Arguments" ? 0 : 2);
    },
  );
});

describe("the size of variables", () => {
  const quarter = "x".repeat(200 * 1024);

  test("one Assign sets at most 256 KiB in all", async () => {
    const { outcome } = await run({
      Pass: { Type: "Pass", Assign: { a: quarter, b: quarter }, End: true },
    });

    expect(outcome).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  test("all variables of an execution have at most 10 MiB", async () => {
    const states: Record<string, unknown> = {};
    for (let at = 0; at < 60; at++) {
      const next = at === 59 ? { End: true } : { Next: `S${at + 1}` };
      states[`S${at}`] = { Type: "Pass", Assign: { [`v${at}`]: "{% $states.input %}" }, ...next };
    }
    const { outcome, history } = await run(states, { input: quarter });

    expect(outcome).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
    expect(history.filter(({ type }) => type === "PassStateExited")).toHaveLength(51);
  });
});

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
