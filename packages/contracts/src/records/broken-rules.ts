import * as v from "valibot";
import type { Comparison, Contract } from "../contract.ts";

/** How valibot's validation actions are named as rules; the readers of schemas admit no others. */
const RULE_OF_ACTION: Readonly<Record<string, string>> = {
  min_value: "min_value",
  max_value: "max_value",
  min_code_points: "min_length",
  max_code_points: "max_length",
  integer: "integer",
  finite: "not_finite",
  decimals: "decimals",
  regex: "format",
  well_formed: "well_formed",
};

/**
 * The sorted names of every rule that a record breaks: what `v.safeParse` reports, then the rules within the row.
 * An empty list means that the record is valid.
 */
export function brokenRules(contract: Contract, record: unknown): string[] {
  const issues =
    v.safeParse(contract.schema, record, { abortEarly: false, abortPipeEarly: false }).issues ?? [];
  const broken = new Set(issues.map(ruleOf));
  const values: Readonly<Record<string, unknown>> = isRecord(record) ? record : {};
  const readable = (column: string) => (broken.has(`${column}.type`) ? null : values[column]);
  for (const { name, holds } of contract.rules) {
    if (!compares(readable(holds.left), holds.operator, readable(holds.right))) broken.add(name);
  }
  return [...broken].sort();
}

function ruleOf(issue: v.BaseIssue<unknown>): string {
  const column = issue.path?.map((item) => String(item.key)).join(".") ?? "record";
  if (issue.kind === "validation") return `${column}.${RULE_OF_ACTION[issue.type] ?? issue.type}`;
  if (issue.type === "strict_object") {
    return issue.expected === "never"
      ? `${column}.unknown`
      : `${column}.${issue.path === undefined ? "type" : "required"}`;
  }
  if (issue.input === null || issue.input === undefined) return `${column}.required`;
  return issue.type === "picklist" && typeof issue.input === "string" ? `${column}.one_of` : `${column}.type`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Whether the comparison holds; it does when a side is missing. */
function compares(left: unknown, operator: Comparison["operator"], right: unknown): boolean {
  const order = orderOf(left, right);
  if (order === null) return true;
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "=":
      return order === 0;
    case ">=":
      return order >= 0;
    case ">":
      return order > 0;
  }
}

function orderOf(left: unknown, right: unknown): number | null {
  if (typeof left === "number" && typeof right === "number") return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left !== "string" || typeof right !== "string") return null;
  const [first, second] = [comparable(left), comparable(right)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Timestamps of one instant can differ in trailing zeros of the second's fraction; at full length they do not. */
function comparable(moment: string): string {
  const [seconds = "", fraction = ""] = moment.split(".");
  return `${seconds}.${fraction.padEnd(6, "0")}`;
}
