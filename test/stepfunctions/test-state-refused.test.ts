import { afterEach, describe, expect, test } from "vitest";
import {
  type Call,
  invoke,
  mockError,
  mockResult,
  type TestState,
  testStateOver,
} from "./test-state-call.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function cloud(): Promise<TestState> {
  const { testState, close } = await testStateOver();
  closing.push(close);
  return testState;
}

describe("a call that AWS refuses", () => {
  const pass = { Type: "Pass", End: true };
  const wait = { Type: "Wait", Seconds: 1, End: true };
  const machine = { StartAt: "A", States: { A: pass } };
  const parallel = { Type: "Parallel", Branches: [machine], End: true };
  const sync = {
    ...invoke,
    Resource: "arn:aws:states:::glue:startJobRun.sync",
    Arguments: { JobName: "refine" },
  };
  const mock = mockResult({});
  const both = { ...mock, ...mockError("Any") };

  test.each<[what: string, name: string, message: RegExp, state: object, call: Call]>([
    ["a field that is none", "InvalidDefinition", /Timeout.* at \//, { ...invoke, Timeout: 3 }, { mock }],
    [
      "a state in JSONPath",
      "InvalidDefinition",
      /JSONPath is not supported/,
      { ...pass, QueryLanguage: "JSONPath" },
      {},
    ],
    ["no state at all", "InvalidDefinition", /Type/, {}, {}],
    ["a machine without the state's name", "ValidationException", /stateName/, machine, {}],
    [
      "a name that no state has",
      "ValidationException",
      /^State not found in definition$/,
      machine,
      { stateName: "B" },
    ],
    ["a state with the name of one", "InvalidDefinition", /StartAt/, pass, { stateName: "A" }],
    [
      "a broken machine",
      "InvalidDefinition",
      /Missing 'Next' target: B/,
      { ...machine, StartAt: "B" },
      { stateName: "A" },
    ],
    ["input that is too long", "InvalidExecutionInput", /262144 bytes/, pass, { input: "é".repeat(131_072) }],
    ["a role that is none", "InvalidArn", /nobody/, pass, { roleArn: "nobody" }],
    [
      "a level that is none",
      "ValidationException",
      /INFO, DEBUG, TRACE/,
      pass,
      { inspectionLevel: JSON.parse('"ALL"') },
    ],
    ["variables that are no object", "ValidationException", /variables/, pass, { variables: [1] }],
    [
      "a task without a role",
      "ValidationException",
      /^RoleArn must be specified/,
      invoke,
      { roleArn: undefined },
    ],
    ["a Parallel without a mock", "InvalidDefinition", /does not support Map or Parallel/, parallel, {}],
    ["a .sync task without a mock", "InvalidDefinition", /'.sync'/, sync, {}],
    [
      "a mocked Wait",
      "ValidationException",
      /^State type 'Wait' is not supported when a mock/,
      wait,
      { mock },
    ],
    [
      "a mock of two kinds",
      "ValidationException",
      /only one of .* \[result, errorOutput\]/,
      invoke,
      { mock: both },
    ],
    ["a mock of no kind", "ValidationException", /must have one of/, invoke, { mock: {} }],
    ["a mock that is not JSON", "ValidationException", /valid JSON/, invoke, { mock: { result: "{" } }],
    ["a mocked Parallel that is no array", "ValidationException", /must be an array\.$/, parallel, { mock }],
    ["secrets with a mock", "ValidationException", /RevealSecrets/, invoke, { mock, revealSecrets: true }],
    ["a context without a mock", "ValidationException", /mock/, pass, { context: {} }],
    [
      "a token that nobody waits for",
      "ValidationException",
      /contains 'Task'/,
      invoke,
      { mock, context: { Task: {} } },
    ],
    [
      "an item in the context",
      "ValidationException",
      /'Map' field is not supported/,
      invoke,
      { mock, context: { Map: {} } },
    ],
    [
      "a name in the context",
      "ValidationException",
      /Field 'Pet' is not allowed/,
      invoke,
      { mock, context: { Execution: { Pet: 1 } } },
    ],
    [
      "a type in the context",
      "ValidationException",
      /Execution.Id must be a string/,
      invoke,
      { mock, context: { Execution: { Id: 1 } } },
    ],
    [
      "failed iterations of a task",
      "ValidationException",
      /mapIterationFailureCount/,
      invoke,
      { mock, stateConfiguration: { mapIterationFailureCount: 1 } },
    ],
    [
      "a negative count",
      "ValidationException",
      /retrierRetryCount/,
      invoke,
      { mock, stateConfiguration: { retrierRetryCount: -1 } },
    ],
    [
      "a cause that is not there",
      "ValidationException",
      /no state 'Z'/,
      parallel,
      { mock: mockError("Any"), stateConfiguration: { errorCausedByState: "Z" } },
    ],
  ])("%s: %s", async (_, name, message, state, call) => {
    const run = await cloud();

    await expect(run(state, call)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });
});
