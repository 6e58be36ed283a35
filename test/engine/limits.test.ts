import { describe, expect, test } from "vitest";
import {
  InvalidDefinition,
  maxHistoryEvents,
  parseDefinition,
} from "../../packages/local/src/engine/index.ts";
import { outputOf, run, type States, task, types } from "./run.ts";

/** Two thirds of 256 KiB: one fits, two of them do not. */
const large = "x".repeat(175_000);
const tooLarge = "{% $pad('', 262143, 'x') %}";
const flow = (Output: unknown, name = "Inner") => ({
  StartAt: name,
  States: { [name]: { Type: "Pass", Output, End: true } },
});
const exceeded = { status: "FAILED", error: "States.DataLimitExceeded" };

describe("256 KiB of JSON, in bytes of UTF-8", () => {
  test.each<[string, States]>([
    [
      "the Output of a Choice's rule",
      {
        Choose: {
          Type: "Choice",
          Choices: [{ Condition: "{% true %}", Output: tooLarge, Next: "Done" }],
        },
        Done: { Type: "Succeed" },
      },
    ],
    ["the Output of a Wait", { Wait: { Type: "Wait", Seconds: 1, Output: tooLarge, End: true } }],
    ["the Output of a Succeed", { Done: { Type: "Succeed", Output: tooLarge } }],
    [
      "the Output of a catcher",
      {
        Call: {
          ...task,
          Arguments: { FunctionName: "{% $missing %}" },
          Catch: [{ ErrorEquals: ["States.ALL"], Output: tooLarge, Next: "Done" }],
          End: true,
        },
        Done: { Type: "Succeed" },
      },
    ],
    [
      "the Arguments of a Parallel",
      { Both: { Type: "Parallel", Arguments: tooLarge, Branches: [flow(1)], End: true } },
    ],
    [
      "the outputs of a Parallel's branches together",
      { Both: { Type: "Parallel", Branches: [flow(large, "Left"), flow(large, "Right")], End: true } },
    ],
    [
      "the outputs of a Map's items together",
      { Each: { Type: "Map", Items: [1, 2], ItemProcessor: flow(large), End: true } },
    ],
    [
      "what an ItemSelector makes of an item",
      { Each: { Type: "Map", Items: [1], ItemSelector: tooLarge, ItemProcessor: flow(1), End: true } },
    ],
    [
      "an item that Items yields",
      { Each: { Type: "Map", Items: `{% [$pad('', 262143, 'x')] %}`, ItemProcessor: flow(1), End: true } },
    ],
  ])("%s is held to it", async (_, states) => {
    expect(await outputOf(states)).toMatchObject(exceeded);
  });

  test("a Parallel that gets too much from its branches is caught by the error's own name", async () => {
    const states = {
      Both: {
        Type: "Parallel",
        Branches: [flow(large, "Left"), flow(large, "Right")],
        Catch: [{ ErrorEquals: ["States.DataLimitExceeded"], Output: "caught", Next: "Done" }],
        End: true,
      },
      Done: { Type: "Succeed" },
    };

    expect(await outputOf(states)).toBe("caught");
  });

  test("the last byte that fits passes everywhere, the next one nowhere", async () => {
    const states = (length: number) => ({
      Make: { Type: "Pass", Output: `{% $pad('', ${length}, 'x') %}`, Next: "Keep" },
      Keep: { Type: "Pass", Assign: { kept: "{% $states.input %}" }, Next: "Call" },
      Call: { ...task, Arguments: "{% $states.input %}", Output: "{% $length($states.result) %}", End: true },
    });
    // With its quotes the text has two bytes more; the variable stands in an object beside its name.
    expect(await outputOf(states(262_144 - '{"kept":""}'.length))).toBe(262_133);
    expect(await outputOf(states(262_144 - '{"kept":""}'.length + 1))).toMatchObject(exceeded);
  });
});

describe("25,000 events", () => {
  const chain = (length: number): States =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `S${index}`,
        { Type: "Pass", ...(index === length - 1 ? { End: true } : { Next: `S${index + 1}` }) },
      ]),
    );

  test("an execution whose end is the last of them succeeds", async () => {
    const { outcome, history } = await run(chain(12_499));

    expect(outcome.status).toBe("SUCCEEDED");
    expect(history).toHaveLength(maxHistoryEvents);
  });

  test("one that needs one more fails in its place, and no Retry or Catch helps", async () => {
    const states = {
      Both: {
        Type: "Parallel",
        Branches: [{ StartAt: "S0", States: chain(12_500) }],
        Retry: [{ ErrorEquals: ["States.ALL"] }],
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }],
        End: true,
      },
      Caught: { Type: "Succeed" },
    };

    const { outcome, history, execution } = await run(states);

    const cause = "The execution reached the maximum number of history events (25000).";
    expect(outcome).toEqual({ status: "FAILED", error: "States.Runtime", cause });
    expect(history).toHaveLength(maxHistoryEvents);
    expect(types(history).at(-1)).toBe("ExecutionFailed");
    expect(() => execution.redrive()).toThrow(
      "Execution event history limit exceeded and cannot be redriven",
    );
  });
});

describe("1 MiB of definition, in bytes of UTF-8", () => {
  /** A definition of exactly so many bytes, two to a character of its comment. */
  const ofBytes = (bytes: number) => {
    const text = (comment: string) =>
      JSON.stringify({
        QueryLanguage: "JSONata",
        Comment: comment,
        StartAt: "A",
        States: { A: { Type: "Succeed" } },
      });
    const left = bytes - Buffer.byteLength(text(""));
    return text("é".repeat(Math.floor(left / 2)) + "x".repeat(left % 2));
  };

  test("a definition of so many is accepted, one more is refused", () => {
    expect(parseDefinition(ofBytes(1_048_576)).startAt).toBe("A");
    expect(() => parseDefinition(ofBytes(1_048_577))).toThrow(InvalidDefinition);
  });
});
