export { complianceGuardian } from "./compliance-guardian.ts";
export { demandInsightsEngine } from "./demand-insights-engine.ts";
export { globalMarketPulse } from "./global-market-pulse.ts";
export { marketIntelligenceHub } from "./market-intelligence-hub.ts";
export type { AnalyticsPorts, QueryHistory, QueryRun } from "./ports.ts";
export { retailCopilot } from "./retail-copilot.ts";
export { AnalyticsSettings } from "./settings.ts";
export { SystemInput, type SystemSummary } from "./system-input.ts";
