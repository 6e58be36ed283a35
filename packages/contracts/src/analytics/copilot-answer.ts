import * as v from "valibot";
import { BuildName } from "./build-objects.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What is asked: in words, of any language that the model understands. Judged by the copilot, not here. */
export const CopilotQuestion = v.strictObject({
  question: v.pipe(v.string(), v.description("A question about the marts, at most 500 characters")),
});
export type CopilotQuestion = v.InferOutput<typeof CopilotQuestion>;

/**
 * One value of an answer. Numbers are JSON numbers where these hold every digit of them; larger decimals and integers
 * are texts, as are dates and moments.
 */
export const CopilotValue = v.nullable(v.union([v.string(), v.number(), v.boolean()]));
export type CopilotValue = v.InferOutput<typeof CopilotValue>;

/** What the marts say to a question. */
export const CopilotAnswer = v.strictObject({
  question: v.pipe(v.string(), v.description("The question, as it was asked")),
  sql: v.pipe(v.string(), v.description("The query that answers it, over the marts by their names")),
  model: v.pipe(v.string(), v.description("The model that wrote the query")),
  offline: v.pipe(
    v.boolean(),
    v.description("Whether the model is the local cloud's, which knows rules and is no language model"),
  ),
  columns: v.pipe(
    v.array(v.strictObject({ name: v.string(), type: v.string() })),
    v.description("The columns of the rows, with Athena's types"),
  ),
  rows: v.pipe(v.array(v.array(CopilotValue)), v.description("Values in the order of the columns")),
  truncated: v.pipe(v.boolean(), v.description("Whether there may be more rows than are shown")),
  scanned_bytes: v.pipe(count, v.description("Bytes that the query read")),
  build: v.pipe(BuildName, v.description("The build of the marts that was asked")),
  query_id: v.pipe(v.string(), v.description("Names the query in Athena")),
  warnings: v.pipe(v.array(v.string()), v.description("What to know when reading the rows")),
});
export type CopilotAnswer = v.InferOutput<typeof CopilotAnswer>;

/** Why a question is not answered: the codes are stable, what each stands for is said here. */
export const refusalCodes = {
  empty_question: "nothing was asked",
  question_too_long: "the question has more than 500 characters",
  card_number: "the question holds the number of a payment card",
  not_answerable: "the model finds no answer in the marts",
  no_query: "the model's answer is not in the form that was asked for",
  not_sql: "what the model wrote is not SQL",
  several_statements: "more than one statement",
  not_a_select: "a statement that does something else than read",
  comment: "a comment within the query",
  query_too_long: "a query of more characters than are looked at",
  foreign_table: "a table that is none of the marts",
  unknown_column: "a column that the mart does not have",
  hidden_column: "the column of builds, which is chosen for the query",
  foreign_function: "a function that is not among the allowed ones",
  unsupported_sql: "a clause that is not among the allowed ones",
  too_many_joins: "more tables joined than is allowed",
  cross_join: "a join without a condition that ties its tables",
  too_many_bytes: "the query would read more bytes than a question may",
} as const;

export type RefusalCode = keyof typeof refusalCodes;

const codes = Object.keys(refusalCodes).filter((code): code is RefusalCode => code in refusalCodes);

/** A question that is not answered, with the reason. Nothing was run. */
export const CopilotRefusal = v.strictObject({
  question: v.string(),
  code: v.pipe(v.picklist(codes), v.description("The kind of reason")),
  reason: v.pipe(v.string(), v.description("The reason in a sentence, and what to do")),
  /** What the model wrote, where it did; null where it was not asked or wrote none. */
  sql: v.nullable(v.string()),
  /** Null where no model was asked. */
  model: v.nullable(v.string()),
  offline: v.nullable(v.boolean()),
});
export type CopilotRefusal = v.InferOutput<typeof CopilotRefusal>;
