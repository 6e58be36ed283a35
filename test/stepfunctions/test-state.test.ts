import { afterEach, describe, expect, test } from "vitest";
import { type Services, type TaskCall, TaskFailure } from "../../packages/local/src/engine/index.ts";
import { invoke, mockError, mockResult, roleArn, type TestState, testStateOver } from "./test-state-call.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function cloud(call?: Services["call"]): Promise<TestState> {
  const { testState, close } = await testStateOver(call);
  closing.push(close);
  return testState;
}

describe("a state that is tested alone", () => {
  test("leads where the rule of a Choice leads, and keeps what the rule assigns", async () => {
    const run = await cloud();
    const choice = {
      Type: "Choice",
      Choices: [
        { Condition: "{% $states.input.rows > $limit %}", Next: "Glue", Assign: { engine: "glue" } },
        { Condition: "{% $states.input.rows > 0 %}", Next: "Lambda", Output: "{% $states.input.rows %}" },
      ],
      Default: "Nothing",
    };
    const variables = { limit: 100 };

    const large = await run(choice, { input: { rows: 101 }, variables, inspectionLevel: "DEBUG" });
    const small = await run(choice, { input: { rows: 7 }, variables });
    const none = await run(choice, { input: { rows: 0 }, variables });

    expect(large).toEqual({
      status: "SUCCEEDED",
      nextState: "Glue",
      output: '{"rows":101}',
      inspectionData: { input: '{"rows":101}', variables: '{"limit":100,"engine":"glue"}' },
    });
    expect(small).toEqual({ status: "SUCCEEDED", nextState: "Lambda", output: "7" });
    expect(none).toEqual({ status: "SUCCEEDED", nextState: "Nothing", output: '{"rows":0}' });
  });

  test("fails as it would in an execution, without the sentence about the execution", async () => {
    const run = await cloud();

    const failed = await run({ Type: "Pass", Output: "{% $states.input.none %}", End: true });

    expect(failed).toEqual({
      status: "FAILED",
      error: "States.QueryEvaluationError",
      cause:
        "The JSONata expression '$states.input.none' specified for the field 'Output' returned nothing (undefined).",
    });
  });

  test("calls the service when nothing is mocked, as the given role", async () => {
    const calls: TaskCall[] = [];
    const run = await cloud(async (call) => {
      calls.push(call);
      return { Payload: 42, StatusCode: 200 };
    });

    const answer = await run(
      { ...invoke, Output: "{% $states.result.Payload %}" },
      { input: { key: "a" }, inspectionLevel: "TRACE" },
    );

    expect(answer).toEqual({
      status: "SUCCEEDED",
      output: "42",
      inspectionData: {
        input: '{"key":"a"}',
        afterArguments: '{"FunctionName":"refine","Payload":{"key":"a"}}',
        result: '{"Payload":42,"StatusCode":200}',
      },
    });
    expect(calls.map(({ arguments: given, execution }) => [given, execution.roleArn])).toEqual([
      [{ FunctionName: "refine", Payload: { key: "a" } }, roleArn],
    ]);
  });

  test("may lead to a state with the name that AWS gives it", async () => {
    const run = await cloud();

    const looping = await run({
      Type: "Pass",
      Output: "{% $states.context.State.Name %}",
      Next: "StateName",
    });

    expect(looping).toEqual({ status: "SUCCEEDED", nextState: "StateName", output: '"StateName"' });
  });

  test("sees the context that AWS shows in a test", async () => {
    const run = await cloud();

    const { output } = await run({ Type: "Pass", Output: "{% $states.context %}", End: true }, { input: 1 });

    const context = JSON.parse(output ?? "");
    expect(context).toMatchObject({
      Execution: { Input: 1, RoleArn: roleArn },
      State: { Name: "StateName" },
    });
    expect(context.Execution.Id).toMatch(
      /^arn:aws:states:us-east-1:000000000000:express:[-0-9a-f]+:[-0-9a-f]+$/,
    );
    expect(context.Execution).not.toHaveProperty("RedriveCount");
  });

  test("is ended after five minutes", async () => {
    const run = await cloud();
    const wait = (Seconds: number) => ({ Type: "Wait", Seconds, Next: "Later" });

    const long = await run(wait(301));
    const short = await run(wait(299));

    expect(long).toEqual({ status: "FAILED", error: "States.Timeout" });
    expect(short).toEqual({ status: "SUCCEEDED", nextState: "Later", output: "{}" });
  });
});

describe("a failure", () => {
  const retrying = {
    ...invoke,
    Retry: [
      {
        ErrorEquals: ["Lambda.TooManyRequestsException"],
        IntervalSeconds: 2,
        BackoffRate: 3,
        MaxAttempts: 2,
      },
      { ErrorEquals: ["Slow"], IntervalSeconds: 10, BackoffRate: 10, MaxDelaySeconds: 60 },
    ],
    Catch: [
      { ErrorEquals: ["Unheard"], Next: "Never" },
      {
        ErrorEquals: ["States.ALL"],
        Next: "Sorry",
        Output: "{% $states.errorOutput.Cause & ' ' & $attempt %}",
        Assign: { attempt: "{% $attempt + 1 %}", error: "{% $states.errorOutput.Error %}" },
      },
    ],
  };

  test("that a retrier is for is retriable, after the delay of that retry", async () => {
    const run = await cloud();
    const failing = async (error: string, retrierRetryCount: number) =>
      run(retrying, {
        mock: mockError(error),
        stateConfiguration: { retrierRetryCount },
        inspectionLevel: "DEBUG",
      });

    const second = await failing("Lambda.TooManyRequestsException", 1);
    const capped = await failing("Slow", 2);

    expect(second).toEqual({
      status: "RETRIABLE",
      error: "Lambda.TooManyRequestsException",
      cause: "because",
      inspectionData: {
        input: "{}",
        afterArguments: '{"FunctionName":"refine","Payload":{}}',
        errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 6 },
      },
    });
    expect(capped.inspectionData?.errorDetails).toEqual({ retryIndex: 1, retryBackoffIntervalSeconds: 60 });
  });

  test("that was retried often enough is caught, with the catcher's Output and Assign", async () => {
    const run = await cloud();

    const caught = await run(retrying, {
      mock: mockError("Lambda.TooManyRequestsException"),
      stateConfiguration: { retrierRetryCount: 2 },
      variables: { attempt: 3 },
      inspectionLevel: "DEBUG",
    });

    expect(caught).toEqual({
      status: "CAUGHT_ERROR",
      error: "Lambda.TooManyRequestsException",
      cause: "because",
      nextState: "Sorry",
      output: '"because 3"',
      inspectionData: {
        input: "{}",
        afterArguments: '{"FunctionName":"refine","Payload":{}}',
        variables: '{"attempt":4,"error":"Lambda.TooManyRequestsException"}',
        errorDetails: { catchIndex: 1 },
      },
    });
  });

  test("may also be told to be a later attempt by the context", async () => {
    const run = await cloud();
    const mock = mockError("Lambda.TooManyRequestsException");

    const caught = await run(retrying, {
      mock,
      context: { State: { RetryCount: 2 } },
      variables: { attempt: 0 },
    });

    expect(caught.status).toBe("CAUGHT_ERROR");
  });

  test("of a real task is handled alike, and fails the state when nothing is for it", async () => {
    const run = await cloud(async () => {
      throw new TaskFailure("TooLarge", "9 GB");
    });

    const caught = await run({ ...invoke, Catch: [{ ErrorEquals: ["TooLarge"], Next: "Glue" }] });
    const failed = await run(invoke);

    expect(caught).toMatchObject({ status: "CAUGHT_ERROR", nextState: "Glue" });
    expect(failed).toEqual({ status: "FAILED", error: "TooLarge", cause: "9 GB" });
  });

  test("of what a catcher evaluates fails the state", async () => {
    const run = await cloud();
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Sorry", Output: "{% $none %}" }];

    const failed = await run({ ...invoke, Catch }, { mock: mockError("Any"), inspectionLevel: "DEBUG" });

    expect(failed).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
    expect(failed.inspectionData?.errorDetails).toBeUndefined();
  });
});

describe("a state of a machine", () => {
  const machine = {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemProcessor: {
          StartAt: "Refine",
          States: {
            Refine: {
              ...invoke,
              Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }],
              Output: "{% $states.result %}",
            },
          },
        },
        Catch: [
          { ErrorEquals: ["Broken"], Next: "Told", Assign: { error: "{% $states.errorOutput.Error %}" } },
        ],
        Next: "Told",
      },
      Told: { Type: "Pass", Output: "{% $states.context.State.Name & $error %}", End: true },
    },
  };

  test("is tested by its name", async () => {
    const run = await cloud();

    const told = await run(machine, { stateName: "Told", variables: { error: "!" } });

    expect(told).toEqual({ status: "SUCCEEDED", output: '"StateName!"' });
  });

  test("inside of a Map works on the first item", async () => {
    const run = await cloud();
    const text = JSON.stringify(machine).replace("$states.result", "$states.context.Map.Item");

    const refined = await run(JSON.parse(text), {
      stateName: "Refine",
      input: { key: "a" },
      mock: mockResult({}),
    });

    expect(JSON.parse(refined.output ?? "")).toMatchObject({ Index: 0, Value: { key: "a" } });
  });

  test("inside of a Map leaves failures that it does not handle to the Map", async () => {
    const run = await cloud();
    const failing = (error: string) =>
      run(machine, { stateName: "Refine", mock: mockError(error), inspectionLevel: "DEBUG" });

    expect(await failing("Busy")).toMatchObject({ status: "RETRIABLE" });
    expect(await failing("Broken")).toMatchObject({
      status: "CAUGHT_ERROR",
      nextState: "Told",
      inspectionData: { errorDetails: { catchIndex: 0 }, variables: '{"error":"Broken"}' },
    });
    expect(await failing("Other")).toMatchObject({ status: "FAILED", error: "Other" });
  });
});
