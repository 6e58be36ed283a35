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
export type { MapRun } from "./map-run/map-run.ts";
export { exceedsPayloadLimit, maxPayloadBytes } from "./payload.ts";
export { type Clock, type ExecutionFacts, type Services, type TaskCall, TaskFailure } from "./ports.ts";
export { type IntegrationPattern, parseResource, type TaskTarget } from "./resource.ts";
export type { MapRunObserver } from "./run.ts";
export type { Inspection } from "./test-state/inspection.ts";
export type { Mock } from "./test-state/mock.ts";
export type { FieldValidationMode, ResultShapes } from "./test-state/mocked-result.ts";
export type { Shape } from "./test-state/result-shape.ts";
export { TestRefused } from "./test-state/test-refused.ts";
export { type Tested, type TestGround, testState } from "./test-state/test-state.ts";
export { TaskTokens, TokenRefused } from "./tokens.ts";
