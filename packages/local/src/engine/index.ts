/** The interpreter of Amazon States Language in JSONata: definition in, events out, services behind one port. */
export { systemClock } from "./clock.ts";
export { type Machine, parseDefinition } from "./definition.ts";
export {
  type Execution,
  type ExecutionOptions,
  NotRedrivable,
  type Outcome,
  type Status,
  startExecution,
} from "./execution.ts";
export { stateErrors } from "./failures.ts";
export { fastClock } from "./fast-clock.ts";
export { type EventDetails, type HistoryEvent, maxHistoryEvents } from "./history.ts";
export { type Diagnostic, InvalidDefinition } from "./invalid-definition.ts";
export { exceedsPayloadLimit, maxPayloadBytes } from "./payload.ts";
export { type Clock, type ExecutionFacts, type Services, type TaskCall, TaskFailure } from "./ports.ts";
export { type IntegrationPattern, parseResource, type TaskTarget } from "./resource.ts";
export { TaskTokens, TokenRefused } from "./tokens.ts";
