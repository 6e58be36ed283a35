import { describe, expect, test } from "vitest";
import { InvalidDefinition, parseDefinition } from "../../packages/local/src/engine/index.ts";

const done = { Type: "Succeed" };
const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };

/** Reasons for which a machine is refused, each as `path: reason`. */
function refusals(definition: unknown, type?: "STANDARD" | "EXPRESS"): string[] {
  try {
    parseDefinition(definition, type);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof InvalidDefinition)) throw thrown;
    return thrown.diagnostics.map(({ location, message }) => `${location}: ${message}`);
  }
}

function machine(states: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return { QueryLanguage: "JSONata", StartAt: Object.keys(states)[0], States: states, ...more };
}

describe("a definition that AWS would refuse is refused with the path and the reason", () => {
  test.each<[string, unknown, string]>([
    [
      "text that is not JSON",
      "{",
      "/: The definition is not JSON: Expected property name or '}' in JSON at position 1",
    ],
    ["no object", "[]", "/: The definition must be a JSON object"],
    [
      "no StartAt",
      { QueryLanguage: "JSONata", States: { A: done } },
      "/: These fields are required: [StartAt]",
    ],
    [
      "an unknown field of the machine",
      machine({ A: done }, { Timeout: 5 }),
      "/: Field 'Timeout' is not supported; use 'TimeoutSeconds'",
    ],
    [
      "a field that SST's `timeout` emits",
      machine({ A: { ...task, Timeout: 5 } }),
      "/States/A: Field 'Timeout' is not supported; use 'TimeoutSeconds'",
    ],
    ["an unknown type", machine({ A: { Type: "Sleep" } }), "/States/A/Type: Not a state type"],
    [
      "a missing state",
      machine({ A: { Type: "Choice", Choices: [{ Condition: true, Next: "B" }], Default: "C" }, C: done }),
      "/States/A/Choices[0]/Next: Missing 'Next' target: B",
    ],
    ["a missing first state", machine({ A: done }, { StartAt: "B" }), "/StartAt: Missing 'Next' target: B"],
    [
      "a missing target of a catcher",
      machine({ A: { ...task, Catch: [{ ErrorEquals: ["X"], Next: "B" }] } }),
      "/States/A/Catch[0]/Next: Missing 'Next' target: B",
    ],
    ["an unreachable state", machine({ A: done, B: done }), '/States/B: State "B" is not reachable.'],
    [
      "neither Next nor End",
      machine({ A: { Type: "Pass" } }),
      "/States/A: One of 'Next' and 'End' is required",
    ],
    [
      "both Next and End",
      machine({ A: { Type: "Pass", Next: "B", End: true }, B: done }),
      "/States/A: 'Next' and 'End' exclude each other",
    ],
    [
      "bad JSONata",
      machine({ A: { Type: "Succeed", Output: "{% $x + %}" } }),
      "/States/A/Output: Unexpected end of expression",
    ],
    [
      "JSONPath by default",
      { StartAt: "A", States: { A: done } },
      "/States/A: The query language JSONPath is not supported here: set 'QueryLanguage' to 'JSONata'",
    ],
    [
      "JSONPath in a JSONata machine",
      machine({ A: { ...done, QueryLanguage: "JSONPath" } }),
      "/States/A: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    ],
    [
      "a JSONPath field",
      machine({ A: { Type: "Pass", End: true, ResultPath: "$.x" } }),
      "/States/A: The QueryLanguage is set to 'JSONata', but field 'ResultPath' is only supported for the 'JSONPath' QueryLanguage; use 'Output or Assign'",
    ],
    [
      "a Task without Resource",
      machine({ A: { Type: "Task", End: true } }),
      "/States/A: These fields are required: [Resource]",
    ],
    [
      "a Resource that is none",
      machine({ A: { ...task, Resource: "lambda" } }),
      "/States/A/Resource: Not the ARN of a Lambda function or a service integration (activities do not run here)",
    ],
    [
      "a Wait without a time",
      machine({ A: { Type: "Wait", End: true } }),
      "/States/A: Exactly one of 'Seconds' and 'Timestamp' is required",
    ],
    [
      "a Wait until no instant",
      machine({ A: { Type: "Wait", Timestamp: "2016-13-05T21:29:29Z", End: true } }),
      "/States/A/Timestamp: String does not match RFC3339 timestamp",
    ],
    [
      "a negative wait",
      machine({ A: { Type: "Wait", Seconds: -1, End: true } }),
      "/States/A/Seconds: The value must be from 0 to 99999999",
    ],
    [
      "a heartbeat that is no shorter than the timeout",
      machine({ A: { ...task, TimeoutSeconds: 5, HeartbeatSeconds: 5 } }),
      "/States/A/HeartbeatSeconds: The value must be smaller than TimeoutSeconds",
    ],
    [
      "States.ALL that is not alone",
      machine({ A: { ...task, Retry: [{ ErrorEquals: ["States.ALL", "X"] }] } }),
      "/States/A/Retry[0]/ErrorEquals: 'States.ALL' must stand alone",
    ],
    [
      "States.ALL that is not last",
      machine({ A: { ...task, Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["X"] }] } }),
      "/States/A/Retry[0]: 'States.ALL' must be the last",
    ],
    [
      "a Choice without rules",
      machine({ A: { Type: "Choice", Choices: [], Default: "B" }, B: done }),
      "/States/A/Choices: At least one rule is required",
    ],
    [
      "a Parallel without branches",
      machine({ A: { Type: "Parallel", Branches: [], End: true } }),
      "/States/A/Branches: At least one branch is required",
    ],
    [
      "a bad state inside a Map",
      machine({
        A: { Type: "Map", End: true, ItemProcessor: { StartAt: "B", States: { B: { Type: "Pass" } } } },
      }),
      "/States/A/ItemProcessor/States/B: One of 'Next' and 'End' is required",
    ],
    [
      "a name that a branch uses again",
      machine({ A: { Type: "Parallel", End: true, Branches: [{ StartAt: "A", States: { A: done } }] } }),
      "/States/A/Branches[0]/States/A: The state name 'A' is used more than once",
    ],
    [
      "a variable named states",
      machine({ A: { Type: "Pass", End: true, Assign: { states: 1 } } }),
      "/States/A/Assign/states: Not a valid variable name",
    ],
    [
      "an inner scope that assigns an outer variable",
      machine({
        A: { Type: "Pass", Assign: { x: 1 }, Next: "B" },
        B: {
          Type: "Parallel",
          End: true,
          Branches: [{ StartAt: "C", States: { C: { Type: "Pass", Assign: { x: 2 }, End: true } } }],
        },
      }),
      "/States/B/Branches[0]/States/C/Assign/x: An inner scope cannot assign a variable of an outer scope",
    ],
    [
      "a result where there is none yet",
      machine({ A: { ...task, Arguments: { FunctionName: "f", Payload: { x: "{% $states.result %}" } } } }),
      "/States/A/Arguments/Payload/x: Field '$states.result' does not exist.",
    ],
    [
      "a result in a state that has none",
      machine({ A: { Type: "Pass", End: true, Output: "{% $map([1], function($i) { $states.result }) %}" } }),
      "/States/A/Output: Field '$states.result' does not exist.",
    ],
    [
      "a result in a catcher",
      machine({
        A: { ...task, Catch: [{ ErrorEquals: ["X"], Assign: { y: "{% $states.result %}" }, Next: "B" }] },
        B: done,
      }),
      "/States/A/Catch[0]/Assign/y: Field '$states.result' does not exist.",
    ],
    [
      "an error output outside a catcher",
      machine({ A: { ...task, Output: "{% $states.errorOutput.Error %}" } }),
      "/States/A/Output: Field '$states.errorOutput' does not exist.",
    ],
    [
      "a name that nothing stands for",
      machine({ A: { ...done, Output: { v: ["{% $map($states.input, function($x) { phone }) %}"] } } }),
      "/States/A/Output/v[0]: Reference to 'phone' at the top level is not supported.",
    ],
    [
      "the item of a context that is not there",
      machine({ A: { ...done, Output: "{% $.phone %}" } }),
      "/States/A/Output: Reference to '$' at the top level is not supported.",
    ],
    [
      "the root of a context that is not there",
      machine({ A: { ...done, Output: "{% $states.input[a = $$.b] %}" } }),
      "/States/A/Output: Reference to '$$' is not supported.",
    ],
    [
      "an expression that is not closed",
      machine({ A: { ...done, Output: ["{% 1 "] } }),
      "/States/A/Output[0]: A JSONata expression must start with '{%' and end with '%}'",
    ],
    [
      "an operator that AWS's JSONata does not have yet",
      machine({ A: { ...done, Output: "{% $states.input.a ?? 1 %}" } }),
      '/States/A/Output: The operator "??" is newer than JSONata 2.0.6',
    ],
    [
      "the other operator that AWS's JSONata does not have yet",
      machine({ A: { ...done, Output: "{% $states.input.a ?: 1 %}" } }),
      '/States/A/Output: The operator "?:" is newer than JSONata 2.0.6',
    ],
    [
      "an integration that does not exist",
      machine({ A: { ...task, Resource: "arn:aws:states:::sqs:publish" } }),
      "/States/A/Resource: The resource provided arn:aws:states:::sqs:publish is not recognized",
    ],
    [
      "a job where the service has none",
      machine({ A: { ...task, Resource: "arn:aws:states:::aws-sdk:glue:startJobRun.sync" } }),
      "/States/A/Resource: The resource provided arn:aws:states:::aws-sdk:glue:startJobRun.sync is not recognized",
    ],
    [
      "an action of an SDK in PascalCase",
      machine({ A: { ...task, Resource: "arn:aws:states:::aws-sdk:s3:GetObject" } }),
      "/States/A/Resource: The resource provided arn:aws:states:::aws-sdk:s3:GetObject is not recognized",
    ],
    [
      "an argument that is missing",
      machine({ A: { ...task, Arguments: { Payload: 1 } } }),
      "/States/A/Arguments: The field 'FunctionName' is required but was missing",
    ],
    [
      "an argument that the integration does not take",
      machine({ A: { ...task, Arguments: { FunctionName: "f", Input: 1 } } }),
      "/States/A/Arguments/Input: The field 'Input' is not supported by Step Functions",
    ],
    [
      "a name of 81 characters",
      machine({ ["x".repeat(81)]: done }),
      `/States/${"x".repeat(81)}: State names have at most 80 characters`,
    ],
    ["an unknown version", machine({ A: done }, { Version: "2.0" }), "/Version: The value must be '1.0'"],
    [
      "a retry that is capped below its interval",
      machine({ A: { ...task, Retry: [{ ErrorEquals: ["X"], IntervalSeconds: 5, MaxDelaySeconds: 5 }] } }),
      "/States/A/Retry[0]/MaxDelaySeconds: The value must be greater than IntervalSeconds",
    ],
    [
      "a retry that shrinks",
      machine({ A: { ...task, Retry: [{ ErrorEquals: ["X"], BackoffRate: 0.5 }] } }),
      "/States/A/Retry[0]/BackoffRate: The value must be from 1",
    ],
    [
      "a cycle without an end",
      machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } }),
      "undefined: Workflow has no terminal state",
    ],
  ])("%s", (_, definition, refusal) => {
    expect(refusals(definition)).toEqual([expect.stringContaining(refusal)]);
  });

  test("names are fine where a value is there to look into", () => {
    const fine = [
      "$states.input.items[value > 3].name",
      "$states.input.items^(>price){ name: $sum(price) }",
      "$map($states.input.items, function($x, $i) { $x.phone })",
      "$states.input ~> |items|{'n': price}|",
      "($x := $states.input; $x.phone)",
      "$phone",
      "$states.input.items.($.price * 2)",
    ];

    for (const expression of fine)
      expect(refusals(machine({ A: { ...done, Output: `{% ${expression} %}` } })), expression).toEqual([]);
  });

  test("a missing target does not hide that nothing ends", () => {
    expect(refusals(machine({ A: { Type: "Pass", Next: "B" } }))).toEqual([
      "/States/A/Next: Missing 'Next' target: B",
      "undefined: Workflow has no terminal state",
    ]);
  });

  test("a definition of more than 1 MiB", () => {
    const definition = machine({ A: { ...done, Comment: "x".repeat(1_048_576) } });

    expect(refusals(definition)).toEqual(["/: The definition is longer than 1048576 bytes"]);
  });

  test("everything that is wrong is told at once", () => {
    const definition = machine({
      A: { Type: "Pass", Next: "Nowhere", Foo: 1 },
      B: { Type: "Wait", End: true },
    });

    expect(refusals(definition)).toEqual([
      "/States/A: Field 'Foo' is not supported",
      "/States/B: Exactly one of 'Seconds' and 'Timestamp' is required",
      "/States/A/Next: Missing 'Next' target: Nowhere",
      '/States/B: State "B" is not reachable.',
    ]);
  });

  test("waiting for a job or a token in an express machine", () => {
    const definition = machine({ A: { ...task, Resource: "arn:aws:states:::glue:startJobRun.sync" } });

    expect(refusals(definition, "STANDARD")).toEqual([]);
    expect(refusals(definition, "EXPRESS")).toEqual([
      "/States/A/Resource: Express state machine does not support '.sync' service integration",
    ]);
  });
});
