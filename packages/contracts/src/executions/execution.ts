import * as v from "valibot";
import { moment } from "../text/moment.ts";

/** How an execution stands, in Step Functions' words. */
export const executionStatuses = [
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "ABORTED",
  "PENDING_REDRIVE",
] as const;

export const ExecutionStatus = v.pipe(
  v.picklist(executionStatuses, `Give one of: ${executionStatuses.join(", ")}.`),
  v.description("How the execution stands"),
);
export type ExecutionStatus = v.InferOutput<typeof ExecutionStatus>;

const count = (what: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(what));

/** One execution among others. */
export const ExecutionSummary = v.strictObject({
  id: v.pipe(v.string(), v.description("Names the execution here: `<pipeline>:<name>`")),
  pipeline: v.pipe(v.string(), v.description("The workflow that it executes")),
  name: v.pipe(v.string(), v.description("Unique among the executions of its pipeline")),
  arn: v.pipe(v.string(), v.description("Names the execution in AWS")),
  status: ExecutionStatus,
  started_at: moment("When it was started"),
  stopped_at: v.nullable(moment("When it ended; null while it runs")),
  redrives: count("How often it was taken up again after a failure"),
});
export type ExecutionSummary = v.InferOutput<typeof ExecutionSummary>;

/** How one stay in a state ended. */
export const StateStatus = v.pipe(
  v.picklist(["RUNNING", "SUCCEEDED", "CAUGHT", "FAILED", "ABORTED"]),
  v.description(
    "CAUGHT: failed, and a Catch took over. ABORTED: ended from outside, by a sibling, a limit or a stop",
  ),
);
export type StateStatus = v.InferOutput<typeof StateStatus>;

/** One stay in one state. A loop, or a Map over items, stays in the same state several times. */
export const StateRun = v.strictObject({
  name: v.pipe(v.string(), v.description("The state's name in the definition")),
  type: v.pipe(v.string(), v.description("`Task`, `Choice`, `Map`…")),
  status: StateStatus,
  entered_at: moment("When it was entered"),
  exited_at: v.nullable(moment("When it was left, or failed; null while it runs")),
  duration_ms: v.nullable(count("Milliseconds from one to the other, waits for retries included")),
  retries: count("How often its work was tried again by its Retry"),
  error: v.nullable(v.pipe(v.string(), v.description("Name of its last error, if the last try failed"))),
});
export type StateRun = v.InferOutput<typeof StateRun>;

const json = (what: string) =>
  v.nullable(v.pipe(v.unknown(), v.description(`${what}; null where there is none`)));

/** One execution with all that is known of it. */
export const Execution = v.strictObject({
  ...ExecutionSummary.entries,
  input: json("What it was started with"),
  output: json("What it ended with"),
  error: v.nullable(v.pipe(v.string(), v.description("Name of the error that it failed with"))),
  cause: v.nullable(v.pipe(v.string(), v.description("What is known of the error"))),
  redrivable: v.pipe(v.boolean(), v.description("Whether it can be taken up again")),
  states: v.pipe(v.array(StateRun), v.description("Every stay in a state, in the order of entry")),
});
export type Execution = v.InferOutput<typeof Execution>;

/** A page of executions, the latest first. */
export const ExecutionPage = v.strictObject({
  executions: v.array(ExecutionSummary),
  next_token: v.nullable(
    v.pipe(v.string(), v.description("Give it as `token` for the next page; null: the last")),
  ),
});
export type ExecutionPage = v.InferOutput<typeof ExecutionPage>;

/** What a redrive answers. */
export const RedrivenExecution = v.strictObject({
  id: ExecutionSummary.entries.id,
  arn: ExecutionSummary.entries.arn,
  redriven_at: moment("When it was taken up again"),
});
export type RedrivenExecution = v.InferOutput<typeof RedrivenExecution>;
