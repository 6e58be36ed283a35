/** The Step Functions API over the interpreter. */
export { type ApiAnswer, createStepFunctions, type StepFunctions, type StepFunctionsOptions } from "./api.ts";
export type { ExecutionRecord } from "./execution-record.ts";
export type { Retention } from "./known-executions.ts";
export type { MachineRecord } from "./machines.ts";
export type { StatusChangeDetail, StatusChangeEvent } from "./status-events.ts";
