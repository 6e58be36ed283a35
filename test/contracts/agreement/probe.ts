import { table } from "@penstock/contracts";
import * as v from "valibot";
import { decimals } from "../../../packages/contracts/src/actions/decimals.ts";
import { isoDate } from "../../../packages/contracts/src/actions/iso-date.ts";

const number = () => v.pipe(v.number(), v.finite());

/** What a contract may say and none of the eight tables does yet: it must agree all the same. */
export const probe = table({
  name: "probe",
  version: 1,
  description: "every supported schema and action, at its limits",
  schema: v.strictObject({
    id: v.pipe(v.string(), v.regex(/^(?:[a-z]{2}|[0-9]{1,3}'?)$/)),
    letters: v.pipe(v.string(), v.minCodePoints(2), v.maxCodePoints(3)),
    quoted: v.nullable(v.picklist(["it's", 'say "hi"', "a\\b", "%_"])),
    sure: v.boolean(),
    day: v.pipe(isoDate, v.minValue("1999-12-31"), v.maxValue("2020-02-29")),
    other_day: v.nullable(isoDate),
    anything: v.nullable(v.number()),
    double: v.pipe(number(), v.minValue(-1.5), v.maxValue(1e15)),
    other_double: v.nullish(number()),
    safe: v.pipe(
      v.number(),
      v.integer(),
      v.minValue(Number.MIN_SAFE_INTEGER),
      v.maxValue(Number.MAX_SAFE_INTEGER),
    ),
    twice: v.pipe(v.number(), v.integer(), v.minValue(-5), v.minValue(2), v.maxValue(100), v.maxValue(9)),
    whole: v.nullable(v.pipe(v.number(), decimals(15, 0), v.minValue(-1e14), v.maxValue(1e14))),
    fine: v.nullable(v.pipe(v.number(), decimals(15, 6), v.minValue(-1e8), v.maxValue(1e8))),
  }),
  primaryKey: ["id"],
  latestBy: "day",
  rules: [
    {
      name: "days_in_order",
      description: "dates",
      holds: { left: "day", operator: "<=", right: "other_day" },
    },
    {
      name: "days_apart",
      description: "dates, strictly",
      holds: { left: "other_day", operator: ">", right: "day" },
    },
    {
      name: "same_number",
      description: "two doubles, infinite ones too",
      holds: { left: "double", operator: "=", right: "anything" },
    },
    {
      name: "less_number",
      description: "a double and a decimal",
      holds: { left: "other_double", operator: "<", right: "fine" },
    },
    {
      name: "whole_number",
      description: "a decimal and an integer",
      holds: { left: "whole", operator: ">=", right: "twice" },
    },
  ],
});
