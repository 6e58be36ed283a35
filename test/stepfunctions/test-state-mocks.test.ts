import { afterEach, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../packages/local/src/engine/index.ts";
import { invoke, mockError, mockResult, type TestState, testStateOver } from "./test-state-call.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function cloud(clock?: Clock): Promise<TestState> {
  const { testState, close } = await testStateOver(undefined, clock);
  closing.push(close);
  return testState;
}

const item = { StartAt: "Item", States: { Item: { Type: "Pass", End: true } } };
const map = {
  Type: "Map",
  Items: "{% $states.input %}",
  ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...item },
  End: true,
};

describe("a mock", () => {
  test("ends a task that is answered by token, whose context may have the token", async () => {
    const run = await cloud();
    const Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
    const Arguments = { QueueUrl: "q", MessageBody: "{% $states.context.Task.Token %}" };

    const answered = await run(
      { ...invoke, Resource, Arguments, Output: "{% $states.result.approved %}" },
      { mock: mockResult({ approved: true }), context: { Task: { Token: "abc" } }, inspectionLevel: "DEBUG" },
    );

    expect(answered).toMatchObject({ status: "SUCCEEDED", output: "true" });
    expect(answered.inspectionData?.afterArguments).toBe('{"QueueUrl":"q","MessageBody":"abc"}');
  });

  test("is the result of a Parallel state, one member for each branch", async () => {
    const run = await cloud();
    const parallel = { Type: "Parallel", Branches: [item, { ...item, States: item.States }], End: true };
    const two = {
      ...parallel,
      Branches: [item, JSON.parse(JSON.stringify(item).replaceAll("Item", "Other"))],
    };
    const Output = "{% $sum($states.result) %}";

    const summed = await run({ ...two, Output }, { mock: mockResult([1, 2]) });
    const caught = await run(
      { ...two, Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Partial" }] },
      { mock: mockError("Broken"), stateConfiguration: { errorCausedByState: "Other" } },
    );

    expect(summed).toEqual({ status: "SUCCEEDED", output: "3" });
    expect(caught).toMatchObject({ status: "CAUGHT_ERROR", nextState: "Partial", error: "Broken" });
    await expect(run(two, { mock: mockResult([1]) })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Mocked result must contain the same number of items as number of Parallel branches.",
    });
    await expect(run(parallel, { mock: mockResult([1, 2]) })).rejects.toMatchObject({
      name: "InvalidDefinition",
    });
  });

  test("is the result of a Map state, whose items are selected and batched before", async () => {
    const run = await cloud();
    const ItemSelector = {
      at: "{% $states.context.Map.Item.Index %}",
      key: "{% $states.context.Map.Item.Value %}",
    };
    const ItemBatcher = { MaxItemsPerBatch: 2 };
    const limits = { MaxConcurrency: 5, ToleratedFailurePercentage: 12.5 };

    const answer = await run(
      { ...map, ItemSelector, ItemBatcher, ...limits },
      { input: ["a", "b", "c"], mock: mockResult(["ab", "c"]), inspectionLevel: "DEBUG" },
    );

    expect(answer).toEqual({
      status: "SUCCEEDED",
      output: '["ab","c"]',
      inspectionData: {
        input: '["a","b","c"]',
        afterItemSelector: '[{"at":0,"key":"a"},{"at":1,"key":"b"},{"at":2,"key":"c"}]',
        afterItemBatcher:
          '[{"Items":[{"at":0,"key":"a"},{"at":1,"key":"b"}]},{"Items":[{"at":2,"key":"c"}]}]',
        maxConcurrency: 5,
        toleratedFailurePercentage: 12.5,
      },
    });
  });

  test("of a Map state has a result for each iteration", async () => {
    const run = await cloud();

    await expect(run(map, { input: ["a", "b"], mock: mockResult(["A"]) })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Input array does not equal the mocked result array's size.",
    });
  });

  test("leaves a Map to its tolerance when iterations failed", async () => {
    const run = await cloud();
    const failing = (mapIterationFailureCount: number) =>
      run(
        { ...map, ToleratedFailureCount: 1 },
        {
          input: [1, 2, 3],
          mock: mockResult(["x", "y", "z"].slice(mapIterationFailureCount)),
          stateConfiguration: { mapIterationFailureCount },
        },
      );

    expect(await failing(1)).toEqual({ status: "SUCCEEDED", output: '["y","z"]' });
    expect(await failing(2)).toEqual({
      status: "FAILED",
      error: "States.ExceedToleratedFailureThreshold",
      cause: "The specified tolerated failure threshold was exceeded",
    });
    await expect(failing(4)).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("stands in for what an ItemReader finds, which is read as in an execution", async () => {
    const run = await cloud(systemClock());
    const { Items: _, ...rest } = map;
    const ItemReader = {
      Resource: "arn:aws:states:::s3:getObject",
      Arguments: { Bucket: "raw", Key: "orders.csv.gz" },
      ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
    };
    const reading = {
      ...rest,
      ItemReader,
      ItemSelector: "{% $states.context.Map.Item.($.Value.id & $.Source) %}",
    };

    const answer = await run(reading, {
      mock: mockResult([null, null]),
      stateConfiguration: { mapItemReaderData: "id,sum\n7,1\n8,2\n" },
      inspectionLevel: "DEBUG",
    });

    expect(answer).toMatchObject({ status: "SUCCEEDED", output: "[null,null]" });
    expect(answer.inspectionData?.afterItemSelector).toBe(
      '["7s3://raw/orders.csv.gz","8s3://raw/orders.csv.gz"]',
    );
    await expect(run(reading, { mock: mockResult([]) })).rejects.toMatchObject({
      name: "ValidationException",
      message: "ItemReader data must be specified when testing a Map state with ItemReader specified.",
    });
  });

  test("of another form than the API's is refused, as strictly as asked", async () => {
    const run = await cloud();
    const start = {
      ...invoke,
      Resource: "arn:aws:states:::states:startExecution",
      Arguments: { StateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:other" },
    };
    const problem = async (
      state: object,
      value: unknown,
      fieldValidationMode?: "STRICT" | "PRESENT" | "NONE",
    ) =>
      run(state, { mock: { ...mockResult(value), fieldValidationMode } }).then(
        ({ status }) => status,
        (thrown: Error) => `${thrown.name}: ${thrown.message}`,
      );
    const wrong = "ValidationException: Mock result schema validation error:";

    expect(await problem(invoke, { StatusCode: "200" })).toBe(`${wrong} Field 'StatusCode' must be a number`);
    expect(await problem(invoke, { StatusCode: 200, Payload: { any: 1 }, New: 1 })).toBe("SUCCEEDED");
    expect(await problem(start, { ExecutionArn: "a" })).toBe(
      `${wrong} Required field 'StartDate' is missing`,
    );
    expect(await problem(start, { ExecutionArn: "a" }, "PRESENT")).toBe("SUCCEEDED");
    expect(await problem(start, { ExecutionArn: 1 }, "PRESENT")).toBe(
      `${wrong} Field 'ExecutionArn' must be a string`,
    );
    expect(await problem(start, { ExecutionArn: 1 }, "NONE")).toBe("SUCCEEDED");
  });
});
