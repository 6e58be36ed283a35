import {
  type AnalyticsPorts,
  complianceGuardian,
  demandInsightsEngine,
  globalMarketPulse,
  marketIntelligenceHub,
  retailCopilot,
} from "@penstock/analytics";
import { askedQuestionKey, manifestKey } from "@penstock/contracts";
import { directoryObjectStore, openSession, s3Uri } from "@penstock/runtime";
import { settingsFor } from "../stacks/settings.ts";
import type { MeasuredSystem } from "./prod-systems.ts";

const [root, build, system] = process.argv.slice(2);
if (root === undefined || build === undefined || system === undefined)
  throw new Error("started by prod.ts only");

const { models, prod } = settingsFor("local");
const perSystem = {
  "market-intelligence-hub": "market-intelligence-hub",
  "demand-insights-engine": "demand-insights-engine",
  "compliance-guardian": "compliance-guardian",
  "global-market-pulse": "global-market-pulse",
  "retail-copilot": "retail-copilot",
};
const history = Array.from({ length: models.maxQueries }, (_, i) => ({
  sql: `SELECT region, sum(revenue) AS total FROM sales WHERE category = 'c${i}' GROUP BY region LIMIT ${i % 7}`,
  state: "SUCCEEDED" as const,
  submittedAt: new Date(Date.now() - i * 1000),
  seconds: 1 + (i % 10),
  scannedBytes: 1_000_000,
}));
const ports: AnalyticsPorts & Parameters<typeof retailCopilot>[1] = {
  store: directoryObjectStore(root),
  catalogueOf: () => ({ removePartitions: async () => {} }),
  settings: {
    ...models,
    audit: "audit",
    prod: perSystem,
    database: perSystem,
    workgroup: "bench",
    memoryMb: prod.duckdbMemoryMb,
    keepBuilds: prod.keepBuilds,
  },
  openSession: (tempDirectory) => openSession({ memoryMb: prod.duckdbMemoryMb, threads: 2, tempDirectory }),
  now: () => new Date(),
  history: { latest: async () => history },
};
for (let i = 0; system === "retail-copilot" && i < models.maxQueries; i++) {
  const question = { id: `q${i}`, asked_at: new Date(Date.now() - i * 60_000).toISOString() };
  await ports.store.putJson(s3Uri(system, askedQuestionKey(question)), {
    ...question,
    question: "How much was sold in each region?",
    sql: `SELECT region, sum(revenue) AS money FROM sales WHERE quantity > ${i} GROUP BY region`,
    outcome: "answered",
    reason: null,
    seconds: 1,
    scanned_bytes: 1000,
  });
}

const input = {
  run_id: "bench",
  build,
  built_at: "2026-11-21T05:30:00.000Z",
  manifest: s3Uri("marts", manifestKey(build)),
  current: null,
};
const run: Readonly<Record<string, typeof complianceGuardian>> = {
  "market-intelligence-hub": marketIntelligenceHub,
  "demand-insights-engine": demandInsightsEngine,
  "compliance-guardian": complianceGuardian,
  "global-market-pulse": globalMarketPulse,
  "retail-copilot": (given) => retailCopilot(given, ports),
};
const report = run[system];
if (report === undefined) throw new Error(`there is no system "${system}"`);
const began = performance.now();
const { reports, check } = await report(input, ports);
const answer: MeasuredSystem = {
  seconds: (performance.now() - began) / 1000,
  peakRssMb: process.resourceUsage().maxRSS / 1024,
  rows: Number(check.rows),
  silent: Object.keys(reports).filter((name) => reports[name]?.status !== "ok"),
};
console.log(JSON.stringify(answer));
