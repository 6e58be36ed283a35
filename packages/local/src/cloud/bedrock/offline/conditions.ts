import { type Measure, measureNamed, measureOf, measures } from "./measures.ts";
import type { Question } from "./question.ts";

/** A bound on a number: `more than 3 items`. */
export interface Condition {
  readonly measure: Measure;
  readonly operator: ">" | ">=" | "<" | "<=" | "=" | "between";
  /** As it was written: one number, or two for `between`. */
  readonly numbers: readonly string[];
  /** It is said of single orders: `orders with …`. */
  readonly ofOrders: boolean;
}

const operators: readonly (readonly [words: string, operator: Condition["operator"]])[] = [
  ["no more than|not more than|at most|up to|maximum of", "<="],
  ["no less than|not less than|no fewer than|at least|minimum of", ">="],
  ["more than|over|above|greater than|higher than|larger than|exceeding|longer than", ">"],
  ["less than|fewer than|under|below|lower than|smaller than|shorter than", "<"],
  ["exactly|equal to|equals?", "="],
];
const number = "(\\d+(?:\\.\\d+)?)";
const compared = `(${operators.map(([words]) => words).join("|")}) ${number}`;
const linking =
  "(?:(?:that|which|who|whose|with|have|having|has|had|of|sold|sell|made|placed|bought|got|took|take|taking|paid in|paid|in|received|for|an?|the|their|total) )*";
const things =
  "orders?|purchases?|customers?|buyers?|products?|sellers?|items?|pieces|units|payments?|days|stars";
const named = measures.map(({ words }) => words).join("|");

/** Takes every bound on a number. */
export function takeConditions(question: Question): Condition[] {
  const conditions: Condition[] = [];
  const add = (name: string, operator: string, numbers: readonly string[], before: string) => {
    const measure = meant(name, before);
    const known = operators.find(([words]) => new RegExp(`^(?:${words})$`, "i").test(operator));
    conditions.push({
      measure,
      operator: known?.[1] ?? "between",
      numbers,
      ofOrders: measure.ofOrder !== undefined && /(?:orders?|purchases?)$/i.test(before),
    });
  };
  for (const { of, before } of question.all(
    `${linking}(${named}) (?:(?:is|was|are|were|of) )?${compared}(?: days| stars)?`,
  )) {
    const [name = "", operator = "", value = ""] = of.filter((each) => each !== "");
    add(name, operator, [value], before);
  }
  for (const { of, before } of question.all(
    `${linking}(${named}) (?:is |was )?between ${number} and ${number}`,
  )) {
    const [name = "", low = "", high = ""] = of.filter((each) => each !== "");
    add(name, "between", [low, high], before);
  }
  for (const { of, before } of question.all(`${linking}${compared} (${named}|${things})`)) {
    const [operator = "", value = "", name = ""] = of.filter((each) => each !== "");
    add(name, operator, [value], before);
  }
  for (const { of, before } of question.all(
    `${linking}(?:worth|costing|cost|totall?ing|of|value of) ${compared}`,
  )) {
    const [operator = "", value = ""] = of.filter((each) => each !== "");
    add("revenue", operator, [value], before);
  }
  return conditions;
}

function meant(name: string, before: string): Measure {
  if (/^days$/i.test(name)) return measureOf("delivery_days");
  if (/^stars$/i.test(name)) return measureOf("review_score");
  // An order's value is its revenue.
  const measure = measureNamed(name.toLowerCase()) ?? measureNamed(`${name.toLowerCase()}s`);
  if (measure === undefined || measure.key === "average_order_value") return measureOf("revenue");
  // What customers spent is the revenue of their orders here, so that it can be had for any time and place.
  return measure.key === "spend" && !/customers?$/i.test(before) ? measureOf("revenue") : measure;
}
