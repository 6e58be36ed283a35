import { describe, expect, test } from "vitest";
import { type TaskCall, TaskFailure, TaskTokens } from "../../packages/local/src/engine/index.ts";
import { numbered, outputOf, run, start, task, types } from "./run.ts";

const never = () => new Promise(() => {});
const callback = {
  Type: "Task",
  Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
  Arguments: { QueueUrl: "https://queue", MessageBody: { token: "{% $states.context.Task.Token %}" } },
};

describe("timeouts", () => {
  test("a task that takes longer than TimeoutSeconds times out, and its call is aborted", async () => {
    let signal: AbortSignal | undefined;
    const { outcome, history, execution } = await run(
      { Call: { ...task, TimeoutSeconds: "{% $states.input.limit %}", End: true } },
      {
        input: { limit: 30 },
        answer: (call) => {
          signal = call.signal;
          return never();
        },
      },
    );

    expect(outcome).toEqual({ status: "FAILED", error: "States.Timeout", cause: undefined });
    expect(numbered(history)).toEqual([
      "1<0 ExecutionStarted",
      "2<0 TaskStateEntered",
      "3<2 TaskScheduled",
      "4<3 TaskStarted",
      "5<4 TaskTimedOut",
      "6<5 ExecutionFailed",
    ]);
    expect(history[2]?.details).toMatchObject({
      timeoutInSeconds: 30,
      region: "us-east-1",
      resource: "invoke",
    });
    expect((execution.stoppedAt ?? 0) - execution.startedAt).toBe(30_000);
    expect(signal?.aborted).toBe(true);
  });

  test("a callback that sends no heartbeat times out; one that does may take its time", async () => {
    const tokens = new TaskTokens();
    const beats: string[] = [];
    const states = {
      Ask: {
        ...callback,
        HeartbeatSeconds: 10,
        Catch: [{ ErrorEquals: ["States.HeartbeatTimeout"], Next: "Silent" }],
        Next: "Done",
      },
      Silent: { Type: "Pass", Output: "silent", End: true },
      Done: { Type: "Succeed" },
    };
    const execution = start(states, {
      tokens,
      answer: ({ taskToken = "" }) => {
        beats.push(taskToken);
        return {};
      },
    });
    const beating = start(states, {
      tokens,
      answer: ({ taskToken = "" }) => {
        setImmediate(() => {
          tokens.heartbeat(taskToken);
          tokens.succeed(taskToken, "answered");
        });
        return {};
      },
    });

    expect(await execution.result).toMatchObject({ output: "silent" });
    expect(await beating.result).toMatchObject({ output: "answered" });
    expect(() => tokens.heartbeat(beats[0] ?? "")).toThrow("does not exist anymore");
    expect(() => tokens.succeed("made up", 1)).toThrow("Invalid token");
  });

  test("the machine's TimeoutSeconds ends the execution whatever it does", async () => {
    const { outcome, history } = await run(
      { Wait: { Type: "Wait", Seconds: 60, End: true } },
      { machine: { TimeoutSeconds: 5 } },
    );

    expect(outcome).toEqual({ status: "TIMED_OUT", error: undefined, cause: undefined });
    expect(history.at(-1)).toMatchObject({ type: "ExecutionTimedOut", previousEventId: 2 });
  });
});

describe("how a task waits for its answer", () => {
  test("a job (.sync): submitted with the first answer, succeeded with the last", async () => {
    const { outcome, history } = await run(
      {
        Job: {
          Type: "Task",
          Resource: "arn:aws:states:::glue:startJobRun.sync",
          Arguments: { JobName: "j" },
          End: true,
        },
      },
      {
        answer: ({ submitted }) => {
          submitted({ JobRunId: "jr_1" });
          return { JobRunState: "SUCCEEDED" };
        },
      },
    );

    expect(outcome).toEqual({ status: "SUCCEEDED", output: { JobRunState: "SUCCEEDED" } });
    expect(history.slice(2, 6).map(({ type, details }) => [type, details?.output])).toEqual([
      ["TaskScheduled", undefined],
      ["TaskStarted", undefined],
      ["TaskSubmitted", { JobRunId: "jr_1" }],
      ["TaskSucceeded", { JobRunState: "SUCCEEDED" }],
    ]);
    expect(history[2]?.details).toMatchObject({
      resourceType: "glue",
      resource: "startJobRun.sync",
      parameters: { JobName: "j" },
    });
  });

  test("a callback: submitted with the service's answer, ended by whoever has the token", async () => {
    const tokens = new TaskTokens();
    const calls: TaskCall[] = [];
    const execution = start(
      { Ask: { ...callback, End: true } },
      {
        tokens,
        answer: (call) => {
          calls.push(call);
          setImmediate(() => tokens.fail(call.taskToken ?? "", "Refused", "by hand"));
          return { MessageId: "m" };
        },
      },
    );

    expect(await execution.result).toEqual({ status: "FAILED", error: "Refused", cause: "by hand" });
    expect(calls[0]?.arguments).toMatchObject({ MessageBody: { token: calls[0]?.taskToken } });
    expect(numbered(execution.history).slice(3)).toEqual([
      "4<3 TaskStarted",
      "5<4 TaskSubmitted",
      "6<5 TaskFailed",
      "7<6 ExecutionFailed",
    ]);
  });

  test("a function by its ARN: events of its own", async () => {
    const { history } = await run(
      {
        Call: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:000000000000:function:f", End: true },
      },
      { input: { a: 1 } },
    );

    expect(numbered(history).slice(2, 5)).toEqual([
      "3<2 LambdaFunctionScheduled",
      "4<3 LambdaFunctionStarted",
      "5<4 LambdaFunctionSucceeded",
    ]);
    expect(history[2]?.details).toEqual({
      input: { a: 1 },
      resource: "arn:aws:lambda:us-east-1:000000000000:function:f",
    });
  });

  test("another role: evaluated, told to the service and in the history", async () => {
    const roles: unknown[] = [];
    const { history } = await run(
      { Call: { ...task, Credentials: { RoleArn: "{% $states.input %}" }, End: true } },
      { input: "arn:aws:iam::1:role/other", answer: (call) => roles.push(call.credentialsRoleArn) },
    );

    expect(roles).toEqual(["arn:aws:iam::1:role/other"]);
    expect(history[2]?.details).toMatchObject({ taskCredentials: { roleArn: "arn:aws:iam::1:role/other" } });
  });
});

test("arguments of an expression that the integration does not take fail the execution before the task", async () => {
  const states = {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::apigateway:invoke",
      Arguments: "{% $states.input %}",
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Done" }],
      End: true,
    },
    Done: { Type: "Succeed" },
  };

  const { outcome, history } = await run(states, { input: { ApiEndpoint: "api", Headers: { a: "b" } } });

  expect(outcome).toEqual({
    status: "FAILED",
    error: "States.Runtime",
    cause:
      "An error occurred while executing the state 'Ask' (entered at the event id #2). The Parameters " +
      `'{"ApiEndpoint":"api","Headers":{"a":"b"}}' could not be used to start the Task: [The field 'Method' is ` +
      "required but was missing, The value of the field 'Headers' has an invalid format]",
  });
  expect(types(history)).toEqual(["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]);
});

describe("Wait", () => {
  const waited = async (wait: object, input: unknown = {}) => {
    const { execution, outcome } = await run({ Wait: { Type: "Wait", ...wait, End: true } }, { input });
    return outcome.status === "SUCCEEDED" ? (execution.stoppedAt ?? 0) - execution.startedAt : outcome;
  };

  test.each([
    [{ Seconds: 90 }, {}, 90_000],
    [{ Seconds: "{% $states.input.s %}" }, { s: 3 }, 3000],
    [{ Timestamp: "2025-01-15T12:00:10Z" }, {}, 10_000],
    [{ Timestamp: "{% $states.input %}" }, "2025-01-15T13:00:00.5+01:00", 500],
    [{ Timestamp: "2016-01-01T00:00:00Z" }, {}, 0],
  ])("%o waits", async (wait, input, milliseconds) => {
    expect(await waited(wait, input)).toBe(milliseconds);
  });

  test.each([
    [{ Seconds: "{% -1 %}" }, "must be from 0 to 99999999 but was: -1"],
    [{ Seconds: "{% 'x' %}" }, "Expected 'integer', but was 'string' for value: \"x\""],
    [
      { Timestamp: "{% 'soon' %}" },
      "cannot be parsed as an ISO-8601 extended offset date-time format string: soon",
    ],
    [{ Timestamp: "{% '2999-01-01T00:00:00Z' %}" }, "Wait state delay is too long."],
  ])("%o fails", async (wait, cause) => {
    expect(await waited(wait)).toMatchObject({
      error: "States.QueryEvaluationError",
      cause: expect.stringContaining(cause),
    });
  });
});

describe("Fail and Succeed", () => {
  test("Fail ends with what it says, evaluated", async () => {
    const states = { Fail: { Type: "Fail", Error: "{% 'E' & $states.input %}", Cause: "c" } };

    expect(await outputOf(states, { input: 1 })).toEqual({ status: "FAILED", error: "E1", cause: "c" });
  });

  test("Succeed ends with its Output", async () => {
    expect(await outputOf({ Done: { Type: "Succeed", Output: "{% 1 + 1 %}" } })).toBe(2);
  });
});

test("a failed task tells its error and cause", async () => {
  const { history } = await run(
    { Call: { ...task, End: true } },
    { answer: () => Promise.reject(new TaskFailure("E", "c")) },
  );

  expect(history[4]).toMatchObject({
    type: "TaskFailed",
    details: { error: "E", cause: "c", resource: "invoke", resourceType: "lambda" },
  });
});

test("a service that answers nothing answers null", async () => {
  expect(await outputOf({ Call: { ...task, End: true } }, { answer: () => undefined })).toBeNull();
});
