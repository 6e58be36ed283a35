/** The executions of state machines as people see them: what the API and the command line share. */
export {
  InvalidExecution,
  InvalidPageToken,
  NameTaken,
  NotRedrivable,
  UnknownExecution,
  UnknownWorkflow,
} from "./errors.ts";
export { executionArn, executionId, type Machines } from "./execution-id.ts";
export { Executions } from "./executions.ts";
export type {
  DescribedExecution,
  ExecutionsPort,
  HistoryEvent,
} from "./port.ts";
export { stepFunctionsExecutions } from "./step-functions.ts";
export { timeline } from "./timeline.ts";
export { readableCause } from "./without-traces.ts";
