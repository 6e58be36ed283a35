import { answerForm } from "@penstock/runtime/model";
import * as v from "valibot";
import { expect, test } from "vitest";
import { form } from "./form.ts";

test("a form has of its contract what every model takes: types, choices, descriptions, all members required", () => {
  expect(form.schema).toEqual({
    type: "object",
    properties: {
      things: {
        type: "array",
        items: {
          type: "object",
          properties: {
            name: { type: "string", description: "Its name" },
            kind: { type: "string", enum: ["plant", "animal"] },
            size: { anyOf: [{ type: "number" }, { type: "null" }] },
            count: { type: "integer" },
            alive: { type: "boolean" },
          },
          required: ["name", "kind", "size", "count", "alive"],
          additionalProperties: false,
        },
      },
    },
    required: ["things"],
    additionalProperties: false,
  });
});

test.each([
  ["an optional member", v.strictObject({ a: v.optional(v.string()) }), /form\.a is optional/],
  ["an object with other members", v.object({ a: v.string() }), /strict object/],
  ["a record", v.strictObject({ a: v.record(v.string(), v.string()) }), /form\.a must be a strict object/],
  ["a date", v.strictObject({ a: v.array(v.strictObject({ b: v.date() })) }), /form\.a\[\]\.b cannot stand/],
  [
    "a choice between two types",
    v.strictObject({ a: v.union([v.string(), v.number()]) }),
    /form\.a has a choice/,
  ],
  ["a choice of numbers", v.strictObject({ a: v.picklist([1, 2]) }), /form\.a has a choice/],
  ["a literal", v.strictObject({ a: v.literal("b") }), /form\.a cannot stand/],
  ["a tuple", v.strictObject({ a: v.tuple([v.string()]) }), /form\.a/],
  ["no object", v.array(v.string()), /no object/],
])("%s is no form: it throws where it is defined", (_, contract, message) => {
  expect(() => answerForm("form", "", contract)).toThrow(message);
});

test("a name that no tool may have throws too", () => {
  expect(() => answerForm("List things", "", v.strictObject({}))).toThrow(/no name/);
});
