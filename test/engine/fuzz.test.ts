import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidDefinition, parseDefinition, startExecution } from "../../packages/local/src/engine/index.ts";
import { virtualClock } from "./virtual-clock.ts";

const retry = [
  { ErrorEquals: ["E"], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1.5, JitterStrategy: "FULL" },
];
const whole = {
  QueryLanguage: "JSONata",
  StartAt: "Pass",
  TimeoutSeconds: 1000,
  States: {
    Pass: { Type: "Pass", Assign: { x: "{% 1 %}" }, Output: { a: ["{% $states.input %}"] }, Next: "Choice" },
    Choice: {
      Type: "Choice",
      Choices: [{ Condition: "{% $x = 2 %}", Next: "Fail", Output: 1 }],
      Default: "Wait",
    },
    Wait: { Type: "Wait", Seconds: "{% $x %}", Next: "Task" },
    Task: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "f" },
      TimeoutSeconds: 20,
      HeartbeatSeconds: 10,
      Credentials: { RoleArn: "r" },
      Retry: retry,
      Catch: [{ ErrorEquals: ["States.ALL"], Assign: { y: 1 }, Next: "Fail" }],
      Next: "Parallel",
    },
    Parallel: {
      Type: "Parallel",
      Branches: [{ StartAt: "Inner", States: { Inner: { Type: "Succeed", Output: "{% $x %}" } } }],
      Retry: retry,
      Next: "Map",
    },
    Map: {
      Type: "Map",
      Items: "{% [1..3] %}",
      ItemSelector: { v: "{% $states.context.Map.Item.Value %}" },
      MaxConcurrency: 2,
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "Item",
        States: { Item: { Type: "Pass", End: true } },
      },
      Next: "Distributed",
    },
    Distributed: {
      Type: "Map",
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSON", MaxItems: 2 },
        Arguments: {},
      },
      ItemBatcher: { MaxItemsPerBatch: 1, BatchInput: { b: 1 } },
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Child",
        States: { Child: { Type: "Succeed" } },
      },
      ToleratedFailurePercentage: 10,
      End: true,
    },
    Fail: { Type: "Fail", Error: "E", Cause: "{% $string($x) %}" },
  },
};

/** Paths to everything in a value. */
function paths(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => paths(member, [...path, key]))];
}

/** The value with something else at a path, or with nothing there. */
function changed(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  const copy: Record<string, unknown> = { ...Object(value) };
  const member = changed(copy[key], rest, put);
  if (member === undefined) delete copy[key];
  else copy[key] = member;
  return Array.isArray(value) ? Object.values(copy) : copy;
}

const places = paths(whole);
const something = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    undefined,
    "",
    "{% %}",
    "{% $x",
    "{% $states %}",
    "{% [] %}",
    -1,
    0,
    1.5,
    1e9,
    [],
    {},
    "Pass",
    "Map",
    [{}],
    [null],
  ),
);

test("the machine that is changed below runs as it stands", async () => {
  expect(await outcomeOf(whole)).toMatchObject({ status: "SUCCEEDED" });
});

test("a definition with anything anywhere is refused with a reason, or runs to an outcome", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...places), something), { minLength: 1, maxLength: 2 }),
      async (changes) => {
        const definition = changes.reduce<unknown>((value, [path, put]) => changed(value, path, put), whole);

        const outcome = await outcomeOf(definition);

        expect(outcome).toMatchObject({
          status: expect.stringMatching(/^(REFUSED|SUCCEEDED|FAILED|TIMED_OUT)$/),
        });
        expect(JSON.stringify(outcome)).not.toContain("The interpreter failed");
      },
    ),
    { numRuns: 600 },
  );
});

async function outcomeOf(definition: unknown): Promise<unknown> {
  let machine: ReturnType<typeof parseDefinition>;
  try {
    machine = parseDefinition(definition);
  } catch (thrown) {
    if (!(thrown instanceof InvalidDefinition)) throw thrown;
    return { status: "REFUSED", reason: thrown.message };
  }
  const execution = startExecution(machine, {
    arn: "arn:aws:states:us-east-1:000000000000:execution:machine:run",
    name: "run",
    machineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
    roleArn: "r",
    input: {},
    services: {
      call: async (task) => (task.resource.endsWith("getObject") ? { Body: "[1,2,3]" } : task.arguments),
    },
    clock: virtualClock(),
  });
  return execution.result;
}
