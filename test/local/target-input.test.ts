import { describe, expect, test } from "vitest";
import { makeEvent } from "../../packages/local/src/cloud/events/event.ts";
import { targetInput } from "../../packages/local/src/cloud/events/target-input.ts";

const event = makeEvent(
  {
    source: "aws.s3",
    "detail-type": "Object Created",
    resources: ["arn:aws:s3:::raw"],
    detail: { object: { key: 'ä "b"\\.csv', size: 5, tags: ["x", "y"] }, absent: null },
    time: new Date("2026-01-02T03:04:05.678Z"),
  },
  { account: "000000000000", region: "us-east-1" },
);
const rule = { name: "r", arn: "arn:aws:events:us-east-1:000000000000:rule/r" };

describe("a target's input", () => {
  test("is the event itself when nothing shapes it", () => {
    expect(JSON.parse(targetInput({}, event, rule))).toEqual(event);
    expect(event.time).toBe("2026-01-02T03:04:05Z");
  });

  test("is the constant", () => {
    expect(targetInput({ input: '{"a":1}' }, event, rule)).toBe('{"a":1}');
  });

  test("is the part of the event that a path names", () => {
    expect(JSON.parse(targetInput({ inputPath: "$.detail.object" }, event, rule))).toEqual(
      event.detail.object,
    );
    expect(JSON.parse(targetInput({ inputPath: "$.resources[0]" }, event, rule))).toBe("arn:aws:s3:::raw");
  });

  test.each<[string, string, unknown]>([
    [
      "values of any type",
      '{"key": <key>, "size": <size>, "tags": <tags>}',
      { key: 'ä "b"\\.csv', size: 5, tags: ["x", "y"] },
    ],
    ["text within text", '"<size> bytes in <key>"', '5 bytes in ä "b"\\.csv'],
    ["JSON within text", '"tags: <tags>"', 'tags: ["x","y"]'],
    [
      "what is absent: null as a value, nothing in a text",
      '{"a": <none>, "b": "[<none>]"}',
      { a: null, b: "[]" },
    ],
    ["the same twice, in both places", '{"v": <size>, "t": "<size>"}', { v: 5, t: "5" }],
    ["a quoted variable", '{"key": "<key>"}', { key: 'ä "b"\\.csv' }],
    [
      "EventBridge's own variables",
      '{"rule": <aws.events.rule-name>, "arn": "<aws.events.rule-arn>"}',
      { rule: "r", arn: rule.arn },
    ],
    ["unknown ones as they stand", '"<who> knows"', "<who> knows"],
  ])("is made from a template: %s", (_, inputTemplate, expected) => {
    const inputPaths = {
      key: "$.detail.object.key",
      size: "$.detail.object.size",
      tags: "$.detail.object.tags",
      none: "$.detail.nowhere",
    };

    const input = targetInput({ inputTransformer: { inputPaths, inputTemplate } }, event, rule);

    expect(JSON.parse(input)).toEqual(expected);
  });
});
