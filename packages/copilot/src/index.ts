/** The Retail Copilot: questions in words, answered by one query over the marts. */
export { askCopilot, type CopilotOutcome, type CopilotPorts } from "./ask-copilot.ts";
export { CopilotNotReady, QueryTooSlow } from "./errors.ts";
export { copilotPorts } from "./ports/copilot-ports.ts";
export type { QueryEngine, QueryRows, QueryStanding, ResultColumn } from "./ports/query-engine.ts";
export { CopilotSettings } from "./settings.ts";
