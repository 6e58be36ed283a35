import { randomBytes } from "node:crypto";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import {
  fastClock,
  parseDefinition,
  type TaskCall,
  TaskFailure,
} from "../../packages/local/src/engine/index.ts";
import { numbered, outputOf, run, task } from "./run.ts";

const distributed = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" };
const pass = { ProcessorConfig: distributed, StartAt: "Item", States: { Item: { Type: "Pass", End: true } } };
const call = {
  ProcessorConfig: distributed,
  StartAt: "Call",
  States: { Call: { ...task, Arguments: "{% $states.input %}", End: true } },
};
const map = { Type: "Map", ItemProcessor: pass, End: true };

/** Answers S3 reads from one text. */
const file = (text: string) => ({ answer: () => ({ Body: text }) });
const reader = (config: object) => ({
  Each: {
    ...map,
    ItemReader: {
      Resource: "arn:aws:states:::s3:getObject",
      Arguments: { Bucket: "b", Key: "k" },
      ReaderConfig: config,
    },
  },
});

describe("Distributed Map", () => {
  test("runs children with histories of their own; the parent's tells of the Map Run", async () => {
    const { outcome, history } = await run({ Each: { ...map, Items: [1, 2] } });

    expect(outcome).toEqual({ status: "SUCCEEDED", output: [1, 2] });
    expect(numbered(history)).toEqual([
      "1<0 ExecutionStarted",
      "2<0 MapStateEntered",
      "3<2 MapStateStarted",
      "4<3 MapRunStarted",
      "5<4 MapRunSucceeded",
      "6<5 MapStateSucceeded",
      "7<5 MapStateExited",
      "8<7 ExecutionSucceeded",
    ]);
    expect(history[3]?.details?.mapRunArn).toMatch(
      /^arn:aws:states:us-east-1:000000000000:mapRun:machine\/[0-9a-f-]{36}:[0-9a-f-]{36}$/,
    );
  });

  test("children are executions: their own ARN and input, and no variables of the parent", async () => {
    const calls: TaskCall[] = [];
    const states = {
      Start: { Type: "Pass", Assign: { x: 1 }, Next: "Each" },
      Each: {
        ...map,
        Items: ["a"],
        Label: "mine",
        ItemProcessor: {
          ...call,
          States: {
            Call: {
              ...task,
              Arguments: ["{% $states.context.Execution.Input %}", "{% $exists($x) %}"],
              End: true,
            },
          },
        },
      },
    };

    await run(states, { answer: (given) => calls.push(given) });

    expect(calls[0]?.arguments).toEqual(["a", false]);
    expect(calls[0]?.execution.arn).toMatch(/:execution:machine\/mine:[0-9a-f-]{36}$/);
  });

  test("ItemSelector, then batches by count and by size", async () => {
    const each = {
      ...map,
      Items: "{% [1..5] %}",
      ItemSelector: { n: "{% $states.context.Map.Item.Value %}" },
    };
    const batched = (batcher: object) => outputOf({ Each: { ...each, ItemBatcher: batcher } });
    const n = (...values: number[]) => values.map((value) => ({ n: value }));

    expect(await batched({ MaxItemsPerBatch: 2, BatchInput: { b: "{% 1 + 1 %}" } })).toEqual([
      { BatchInput: { b: 2 }, Items: n(1, 2) },
      { BatchInput: { b: 2 }, Items: n(3, 4) },
      { BatchInput: { b: 2 }, Items: n(5) },
    ]);
    expect(await batched({ MaxInputBytesPerBatch: 38 })).toEqual([{ Items: n(1, 2, 3) }, { Items: n(4, 5) }]);
  });

  test.each([
    ["JSON", { InputType: "JSON" }, "[1,2,3]", [1, 2, 3]],
    ["JSON inside", { InputType: "JSON", ItemsPointer: "/a/b~1c" }, '{"a":{"b/c":[4]}}', [4]],
    ["JSONL", { InputType: "JSONL" }, '{"a":1}\n\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    [
      "CSV",
      { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
      'a,b\r\n1,"x, ""y"""\r\n2\r\n',
      [
        { a: "1", b: 'x, "y"' },
        { a: "2", b: "" },
      ],
    ],
    [
      "CSV with given headers",
      { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["x"], CSVDelimiter: "PIPE" },
      "1|2\n3",
      [{ x: "1" }, { x: "3" }],
    ],
    ["the first of them", { InputType: "JSON", MaxItems: 1 }, "[1,2,3]", [1]],
  ])("reads %s", async (_, config, text, items) => {
    expect(await outputOf(reader(config), file(text))).toEqual(items);
  });

  test.each([
    ["no array", { InputType: "JSON" }, "{}", "Attempting to map over non-iterable node."],
    ["no JSON", { InputType: "JSONL" }, "nope", "The file is not JSON"],
    [
      "the same header twice",
      { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
      "a,a\n1,2",
      "CSV headers cannot contain duplicates.",
    ],
    [
      "a negative limit",
      { InputType: "JSON", MaxItems: "{% -1 %}" },
      "[]",
      "field MaxItems must be positive",
    ],
  ])("%s fails with States.ItemReaderFailed", async (_, config, text, cause) => {
    const { outcome, history } = await run(reader(config), file(text));

    expect(outcome).toMatchObject({
      error: "States.ItemReaderFailed",
      cause: expect.stringContaining(cause),
    });
    expect(history.slice(-3).map(({ type }) => type)).toEqual([
      "MapRunFailed",
      "MapStateFailed",
      "ExecutionFailed",
    ]);
  });

  test("of Parquet, only the footer and the row groups that are needed are read", async () => {
    // Four row groups of about a megabyte each: noise, which does not compress.
    const text = () => randomBytes(50_000).toString("hex");
    const columnData = [{ name: "text", data: Array.from({ length: 40 }, text), type: "STRING" as const }];
    const bytes = Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 10 }));
    const ranges: [number, number][] = [];
    const answer = ({ arguments: given }: TaskCall) => {
      const [, from, to] = /^bytes=(\d*)-(\d+)$/.exec(Object(given).Range) ?? [];
      const start = from === "" ? bytes.length - Number(to) : Number(from);
      const end = from === "" ? bytes.length : Number(to) + 1;
      ranges.push([start, end]);
      return {
        Body: bytes.subarray(start, end),
        ContentRange: `bytes ${start}-${end - 1}/${bytes.length}`,
      };
    };

    const output = await outputOf(
      { Each: { ...reader({ InputType: "PARQUET", MaxItems: 11 }).Each, ItemSelector: 1 } },
      { answer },
    );

    expect(output).toHaveLength(11);
    const [tail, ...groups] = ranges;
    expect(tail?.[1]).toBe(bytes.length);
    expect(Math.max(...groups.map(([, end]) => end))).toBeLessThan(bytes.length / 2 + 100_000);
  });

  test("lists the objects of a bucket over all pages", async () => {
    const states = {
      Each: {
        ...map,
        ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2", Arguments: { Bucket: "b" } },
      },
    };

    const output = await outputOf(states, {
      answer: ({ arguments: given }) => {
        const token = Object(given).ContinuationToken;
        return token === undefined
          ? { Contents: [{ Key: "1" }], NextContinuationToken: "t" }
          : { Contents: [{ Key: token }] };
      },
    });

    expect(output).toEqual([{ Key: "1" }, { Key: "t" }]);
  });
});

describe("tolerated failures", () => {
  const failing = (...bad: unknown[]) => ({
    answer: ({ arguments: item }: TaskCall) => {
      if (bad.includes(item)) throw new TaskFailure("Broken");
      return item;
    },
  });
  const each = (more: object) => ({
    Each: { ...map, Items: [1, 2, 3, 4], ItemProcessor: call, MaxConcurrency: 1, ...more },
  });
  const exceeded = { status: "FAILED", error: "States.ExceedToleratedFailureThreshold" };

  test("none by default", async () => {
    expect(await outputOf(each({}), failing(2))).toMatchObject(exceeded);
  });

  test("as many as ToleratedFailureCount", async () => {
    expect(await outputOf(each({ ToleratedFailureCount: 1 }), failing(2))).toEqual([1, 3, 4]);
    expect(await outputOf(each({ ToleratedFailureCount: 1 }), failing(2, 4))).toMatchObject(exceeded);
  });

  test("as large a part as ToleratedFailurePercentage", async () => {
    expect(await outputOf(each({ ToleratedFailurePercentage: 50 }), failing(1, 2))).toEqual([3, 4]);
    expect(await outputOf(each({ ToleratedFailurePercentage: 50 }), failing(1, 2, 3))).toMatchObject(
      exceeded,
    );
  });

  test("a redrive runs the children that did not succeed", async () => {
    const bad: unknown[] = [3];
    const calls: unknown[] = [];
    const { execution } = await run(each({}), {
      answer: ({ arguments: item }) => {
        calls.push(item);
        if (bad.includes(item)) throw new TaskFailure("Broken");
        return item;
      },
    });
    bad.pop();

    execution.redrive();

    expect(await execution.result).toEqual({ status: "SUCCEEDED", output: [1, 2, 3, 4] });
    expect(calls).toEqual([1, 2, 3, 3, 4]);
    expect(execution.history.find(({ type }) => type === "MapRunRedriven")?.details).toMatchObject({
      redriveCount: 1,
    });
  });
});

describe("what AWS refuses on creation", () => {
  const express = { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" };
  const wait = { ...task, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true };
  const waiting = { ...pass, ProcessorConfig: express, States: { Item: wait } };
  const json = {
    Resource: "arn:aws:states:::s3:getObject",
    Arguments: {},
    ReaderConfig: { InputType: "JSON" },
  };
  const listed = { Resource: "arn:aws:states:::s3:listObjectsV2", Arguments: {} };
  const configured = (reader: object, ReaderConfig: object) => ({ ItemReader: { ...reader, ReaderConfig } });
  const refused = (more: object, type: "STANDARD" | "EXPRESS" = "STANDARD") =>
    expect(() =>
      parseDefinition(
        { QueryLanguage: "JSONata", StartAt: "Each", States: { Each: { ...map, ...more } } },
        type,
      ),
    );

  test("a Distributed Map in an express machine", () => {
    refused({}, "EXPRESS").toThrow("Express state machines do not support Distributed Map states");
  });

  test("express children that wait for a callback; standard ones may", () => {
    refused({ ItemProcessor: waiting }).toThrow("does not support '.waitForTaskToken'");
    refused({ ItemProcessor: { ...waiting, ProcessorConfig: distributed } }).not.toThrow("does not support");
  });

  test.each([
    [
      "another action",
      { ItemReader: { Resource: "arn:aws:states:::s3:headObject" } },
      "s3:getObject or s3:listObjectsV2",
    ],
    ["no format of an object", configured(json, {}), "CSV, JSON, JSONL, PARQUET, MANIFEST"],
    ["CSV without headers", configured(json, { InputType: "CSV" }), "FIRST_ROW or GIVEN"],
    [
      "given headers that are not given",
      configured(json, { InputType: "CSV", CSVHeaderLocation: "GIVEN" }),
      "CSVHeaders",
    ],
    [
      "a delimiter of another name",
      configured(json, { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW", CSVDelimiter: ";" }),
      "SEMICOLON",
    ],
    [
      "a pointer into CSV",
      configured(json, { InputType: "JSONL", ItemsPointer: "/a" }),
      "Only JSON has a pointer",
    ],
    [
      "a pointer without a slash",
      configured(json, { InputType: "JSON", ItemsPointer: "a" }),
      "must be a JSON pointer",
    ],
    ["a negative MaxItems", configured(json, { InputType: "JSON", MaxItems: -1 }), "must not be negative"],
    [
      "an inventory with a format",
      configured(json, { InputType: "CSV", ManifestType: "S3_INVENTORY" }),
      "excludes",
    ],
    [
      "an Athena manifest of JSON",
      configured(json, { InputType: "JSON", ManifestType: "ATHENA_DATA" }),
      "CSV, JSONL, PARQUET",
    ],
    [
      "a transformed object",
      configured(json, { InputType: "JSON", Transformation: "NONE" }),
      "Only what s3:listObjectsV2 lists",
    ],
    [
      "LOAD_AND_FLATTEN without a format",
      configured(listed, { Transformation: "LOAD_AND_FLATTEN" }),
      "CSV, JSON, JSONL, PARQUET",
    ],
    [
      "a manifest of a listing",
      configured(listed, { ManifestType: "S3_INVENTORY" }),
      "Only s3:getObject reads a manifest",
    ],
    ["a batcher without a limit", { ItemBatcher: { BatchInput: {} } }, "One of 'MaxItemsPerBatch'"],
    ["a label with a space", { Label: "a b" }, "Not a valid label"],
    ["both a reader and items", { ItemReader: json, Items: [] }, "exclude each other"],
  ])("an ItemReader, a batcher or a label with %s", (_, more, why) => {
    refused(more).toThrow(why);
  });
});

test("reading goes on only while children need it", async () => {
  let pages = 0;
  const listing = () => {
    pages += 1;
    return { Contents: Array.from({ length: 1000 }, (_, n) => ({ n })), NextContinuationToken: "more" };
  };
  const reader = { Resource: "arn:aws:states:::s3:listObjectsV2", Arguments: { Bucket: "b" } };
  const states = {
    Each: {
      ...map,
      ItemReader: reader,
      MaxConcurrency: 1,
      ItemProcessor: {
        ...call,
        States: { Call: { ...task, Resource: call.States.Call.Resource, End: true } },
      },
    },
  };

  const { outcome } = await run(states, {
    answer: ({ resource }) => {
      if (resource.endsWith("listObjectsV2")) return listing();
      throw new TaskFailure("Broken");
    },
  });

  expect(outcome).toMatchObject({ error: "States.ExceedToleratedFailureThreshold" });
  expect(pages).toBeLessThanOrEqual(10);
});

test("while a dataset is read, a clock that shortens idle time does not run on", async () => {
  const slow = async function* () {
    for (const line of ["1\n", "2\n", "3\n"]) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      yield Buffer.from(line);
    }
  };

  const { outcome } = await run(reader({ InputType: "JSONL" }), {
    answer: () => ({ Body: slow() }),
    machine: { TimeoutSeconds: 500 },
    clock: fastClock(1000),
  });

  expect(outcome).toEqual({ status: "SUCCEEDED", output: [1, 2, 3] });
});
