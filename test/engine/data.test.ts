import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outputOf, run, task } from "./run.ts";

/** The output of one Pass state. */
const evaluate = (output: unknown, input: unknown = {}) =>
  outputOf({ Pass: { Type: "Pass", Output: output, End: true } }, { input });

describe("expressions", () => {
  test("only a string that is an expression from start to end is one", async () => {
    const output = {
      yes: "{% 1 + 1 %}",
      spaced: " {% 1 %} ",
      text: "1 + 1",
      path: "$.a",
      nested: [{ deep: "{%2%}" }],
    };

    expect(await evaluate(output)).toEqual({ ...output, yes: 2, nested: [{ deep: 2 }] });
  });

  test("$states has the input and the context, the result in Output and Assign", async () => {
    const states = {
      Call: {
        ...task,
        Arguments: { FunctionName: "f", Payload: "{% $states.input.n %}" },
        Assign: { twice: "{% $states.result.Payload * 2 %}" },
        Output: { input: "{% $states.input %}", result: "{% $states.result %}" },
        Next: "Tell",
      },
      Tell: { Type: "Pass", Output: ["{% $states.input %}", "{% $twice %}"], End: true },
    };

    expect(await outputOf(states, { input: { n: 4 } })).toEqual([
      { input: { n: 4 }, result: { FunctionName: "f", Payload: 4 } },
      8,
    ]);
  });

  test("the context tells of the execution, the machine and the state", async () => {
    expect(await evaluate("{% $states.context %}", { a: 1 })).toEqual({
      Execution: {
        Id: "arn:aws:states:us-east-1:000000000000:execution:machine:run",
        Input: { a: 1 },
        Name: "run",
        RoleArn: "arn:aws:iam::000000000000:role/machine",
        StartTime: "2025-01-15T12:00:00.000Z",
        RedriveCount: 0,
      },
      StateMachine: { Id: "arn:aws:states:us-east-1:000000000000:stateMachine:machine", Name: "machine" },
      State: { Name: "Pass", EnteredTime: "2025-01-15T12:00:00.000Z" },
    });
  });

  test.each([
    ["$partition([1,2,3,4,5], 2)", [[1, 2], [3, 4], [5]]],
    ["$range(0, 10, 5)", [0, 5, 10]],
    ["$range(3, 1, -1)", [3, 2, 1]],
    ["$range(3, 1, 1)", []],
    ["$hash('a', 'SHA-256')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],
    ["$parse('{\"a\":[1]}')", { a: [1] }],
    ["$random(7) = $random(7)", true],
    ["$random() < 1", true],
    ["$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/).index", 0],
  ])("%s is there as AWS adds it", async (expression, expected) => {
    expect(await evaluate(`{% ${expression} %}`)).toEqual(expected);
  });

  test("a sequence that an expression yields is a plain array for the next one", async () => {
    const states = {
      Find: { Type: "Pass", Assign: { found: "{% $states.input.rows[n > 1].n[] %}" }, Next: "Wrap" },
      Wrap: { Type: "Pass", Output: { found: "{% $found %}", size: "{% $count([$found, 7]) %}" }, End: true },
    };

    expect(await outputOf(states, { input: { rows: [{ n: 1 }, { n: 2 }] } })).toEqual({
      found: [2],
      size: 2,
    });
  });

  test.each([
    ["{% $missing %}", "returned nothing (undefined)."],
    ["{% $eval('1') %}", "threw an error during evaluation. T1006: Attempted to invoke a non-function"],
    [
      "{% 'a' * 2 %}",
      'threw an error during evaluation. T2001: The left side of the "*" operator must evaluate to a number',
    ],
    [
      "{% $hash('a', 'CRC') %}",
      "threw an error during evaluation: $hash takes a string and one of MD5, SHA-1, SHA-256, SHA-384, SHA-512",
    ],
    ["{% function($x) { $x } %}", "returned an unsupported result type."],
  ])("%s fails the state with States.QueryEvaluationError, telling the place", async (expression, ending) => {
    const { outcome, history } = await run({
      Pass: { Type: "Pass", Output: { at: [expression] }, End: true },
    });

    const place = `The JSONata expression '${expression.slice(3, -3)}' specified for the field 'Output/at[0]'`;
    const cause = `An error occurred while executing the state 'Pass' (entered at the event id #2). ${place} ${ending}`;
    expect(outcome).toEqual({ status: "FAILED", error: "States.QueryEvaluationError", cause });
    expect(history.at(-2)).toMatchObject({
      type: "EvaluationFailed",
      details: { location: "Output/at[0]", state: "Pass" },
    });
  });

  test("any JSON goes through inputs, variables, results and outputs unchanged", async () => {
    const states = {
      Keep: {
        Type: "Pass",
        Assign: { kept: "{% $states.input %}" },
        Output: "{% $states.input %}",
        Next: "Call",
      },
      Call: {
        ...task,
        Resource: "arn:aws:lambda:us-east-1:000000000000:function:f",
        Arguments: "{% $kept %}",
        Output: ["{% $states.result %}", "{% $states.input %}"],
        End: true,
      },
    };

    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (input) => {
        const text = JSON.stringify(input);

        expect(JSON.stringify(await outputOf(states, { input }))).toBe(`[${text},${text}]`);
      }),
      { numRuns: 300 },
    );
  });

  test("a member named __proto__ stays a member", async () => {
    const output = JSON.parse('{"__proto__":{"x":"{% 1 %}"}}');

    expect(JSON.stringify(await evaluate(output))).toBe('{"__proto__":{"x":1}}');
  });
});

describe("variables", () => {
  test("Assign and Output see the values of before; the next state sees the new ones", async () => {
    const states = {
      Start: { Type: "Pass", Assign: { x: 1, y: 10 }, Next: "Swap" },
      Swap: {
        Type: "Pass",
        Assign: { x: "{% $y %}", y: "{% $x %}" },
        Output: "{% [$x, $y] %}",
        Next: "Tell",
      },
      Tell: { Type: "Pass", Output: ["{% $states.input %}", "{% $x %}", "{% $y %}"], End: true },
    };

    expect(await outputOf(states)).toEqual([[1, 10], 10, 1]);
  });

  test("inner scopes read outer variables, and their own end with them", async () => {
    const inner = (name: string) => ({
      StartAt: name,
      States: {
        [name]: { Type: "Pass", Assign: { mine: "{% $outer & $states.input %}" }, Next: `${name}Tell` },
        [`${name}Tell`]: { Type: "Pass", Output: "{% $mine %}", End: true },
      },
    });
    const states = {
      Start: { Type: "Pass", Assign: { outer: "o" }, Output: ["a", "b"], Next: "Each" },
      Each: { Type: "Map", ItemProcessor: inner("Item"), Next: "Both" },
      Both: { Type: "Parallel", Branches: [inner("Left"), inner("Right")], Arguments: "x", Next: "Tell" },
      Tell: {
        Type: "Pass",
        Output: { both: "{% $states.input %}", mine: "{% $exists($mine) %}" },
        End: true,
      },
    };

    expect(await outputOf(states)).toEqual({ both: ["ox", "ox"], mine: false });
  });

  test("a catcher assigns what happened, and its Output replaces the error output", async () => {
    const states = {
      Call: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: "{% $nothing %}",
        Catch: [
          {
            ErrorEquals: ["States.QueryEvaluationError"],
            Assign: { error: "{% $states.errorOutput.Error %}" },
            Output: { was: "{% $states.input %}" },
            Next: "Tell",
          },
        ],
        End: true,
      },
      Tell: { Type: "Pass", Output: ["{% $error %}", "{% $states.input %}"], End: true },
    };

    expect(await outputOf(states, { input: 5 })).toEqual(["States.QueryEvaluationError", { was: 5 }]);
  });
});

describe("Choice", () => {
  const choice = (more: object = {}) => ({
    Choose: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $states.input.n > 10 %}", Next: "Big", Assign: { size: "big" }, Output: "rule" },
        { Condition: "{% $states.input.n > 5 %}", Next: "Small" },
      ],
      ...more,
    },
    Big: { Type: "Pass", Output: ["{% $size %}", "{% $states.input %}"], End: true },
    Small: { Type: "Succeed" },
  });

  test("takes the first rule that is true, with its Assign and Output", async () => {
    expect(await outputOf(choice(), { input: { n: 11 } })).toEqual(["big", "rule"]);
    expect(await outputOf(choice(), { input: { n: 6 } })).toEqual({ n: 6 });
  });

  test("takes Default with the state's own Output when no rule is true", async () => {
    const more = { Default: "Small", Output: "default" };

    expect(await outputOf(choice(more), { input: { n: 1 } })).toBe("default");
  });

  test("without Default fails with States.NoChoiceMatched", async () => {
    expect(await outputOf(choice(), { input: { n: 1 } })).toMatchObject({ error: "States.NoChoiceMatched" });
  });

  test("refuses a condition that is no boolean", async () => {
    const states = {
      Choose: { Type: "Choice", Choices: [{ Condition: "{% 1 %}", Next: "End" }] },
      End: { Type: "Succeed" },
    };

    expect(await outputOf(states)).toMatchObject({
      error: "States.QueryEvaluationError",
      cause: expect.stringContaining(
        "'1' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1",
      ),
    });
  });
});

describe("the payload quota of 256 KiB", () => {
  const big = "{% $pad('', 300000, 'x') %}";

  test.each([
    ["an Output", { Pass: { Type: "Pass", Output: big, End: true } }],
    ["an Assign", { Pass: { Type: "Pass", Assign: { x: big }, End: true } }],
    ["a constant Output", { Pass: { Type: "Pass", Output: "x".repeat(262_143), End: true } }],
    [
      "a constant Output of fewer, wider characters",
      { Pass: { Type: "Pass", Output: "é".repeat(131_072), End: true } },
    ],
    ["Arguments", { Call: { ...task, Arguments: { FunctionName: "f", Payload: big }, End: true } }],
  ])("%s over it fails with States.DataLimitExceeded", async (_, states) => {
    expect(await outputOf(states)).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  test("what just fits passes", async () => {
    const text = "x".repeat(262_142);

    expect(await evaluate(text)).toBe(text);
  });

  test("a task's result over it is a failure of the task, which only its own name catches", async () => {
    const states = (name: string) => ({
      Call: { ...task, Catch: [{ ErrorEquals: [name], Output: name, Next: "Caught" }], End: true },
      Caught: { Type: "Succeed" },
    });
    const given = { answer: () => "x".repeat(300_000) };

    expect(await outputOf(states("States.DataLimitExceeded"), given)).toBe("States.DataLimitExceeded");
    expect(await outputOf(states("States.ALL"), given)).toMatchObject({ error: "States.DataLimitExceeded" });
  });
});
