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
/** Of these a number alone is a bound: `review score 5`. */
const scores = ["review_score", "installments"].map((key) => measureOf(key).words).join("|");
const named = measures.map(({ words }) => words).join("|");

/** How bounds are said, the surest first, and which groups hold the thing, the comparison and the numbers. */
const patterns: readonly (readonly [pattern: string, read: (of: readonly string[]) => Said])[] = [
  [`${linking}(?:worth|costing|costs?) ${compared}`, ([operator, value]) => ["revenue", operator, [value]]],
  [
    `${linking}(${named}) (?:(?:is|was|are|were|of) )?${compared}(?: days| stars)?`,
    ([name, operator, value]) => [name, operator, [value]],
  ],
  [
    `${linking}(${named}) (?:is |was )?between ${number} and ${number}`,
    ([name, low, high]) => [name, "between", [low, high]],
  ],
  [`${linking}${compared} (${named}|${things})`, ([operator, value, name]) => [name, operator, [value]]],
  [`${linking}(?:totall?ing|value of) ${compared}`, ([operator, value]) => ["revenue", operator, [value]]],
  [
    `${linking}(${scores}) (?:(?:is|was|of|equal to|equals) )*${number}(?: stars?)?`,
    ([name, value]) => [name, "equals", [value]],
  ],
  [`${linking}${number}[- ]stars?(?: (?:reviews?|ratings?))?`, ([value]) => ["stars", "equals", [value]]],
];

type Said = readonly [
  name: string | undefined,
  operator: string | undefined,
  numbers: readonly (string | undefined)[],
];

/** Takes every bound on a number. */
export function takeConditions(question: Question): Condition[] {
  return patterns.flatMap(([pattern, read]) =>
    [...question.all(pattern)].map(({ of, before }): Condition => {
      const [name = "", operator = "", numbers] = read(of.filter((each) => each !== ""));
      const known = operators.find(([words]) => new RegExp(`^(?:${words})$`, "i").test(operator));
      const measure = meant(name, before);
      return {
        measure,
        operator: known?.[1] ?? "between",
        numbers: numbers.map((each) => each ?? ""),
        ofOrders: measure.ofOrder !== undefined && /(?:orders?|purchases?)$/i.test(before),
      };
    }),
  );
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
