import * as v from "valibot";
import { expect } from "vitest";
import { Analytics } from "../../packages/api/src/analytics/analytics.ts";
import type { AnalyticsPort } from "../../packages/api/src/analytics/port.ts";
import { featureReader } from "../../packages/api/src/features/read-features.ts";
import { createApp, ProblemDocument } from "../../packages/api/src/index.ts";
import { type StreamRecord, sendBatch } from "../../packages/api/src/interactions/send-batch.ts";
import type { Caller, CopilotAnswer, OnlineItem } from "../../packages/contracts/src/index.ts";
import type { CopilotOutcome } from "../../packages/copilot/src/index.ts";
import { Executions } from "../../packages/runtime/src/executions/index.ts";
import { directoryObjectStore } from "../../packages/runtime/src/index.ts";
import { FakePort, machines } from "./fake-port.ts";
import { MemoryCampaigns } from "./memory-campaigns.ts";
import { MemoryPeople, memoryExports } from "./memory-people.ts";

const everything = [
  "penstock/run",
  "penstock/operate",
  "penstock/analyse",
  "penstock/ingest",
  "penstock/features",
  "penstock/exports",
  "penstock/personas",
  "penstock/campaigns",
];

const nothingBuilt: AnalyticsPort = {
  currentBuild: async () => undefined,
  store: directoryObjectStore("nowhere"),
  buckets: {},
  maxAgeSeconds: 60,
};

/** What the copilot answers unless a test says otherwise. */
export const answer: CopilotAnswer = {
  question: "Revenue by region?",
  sql: "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY region",
  model: "fixture",
  offline: true,
  columns: [
    { name: "region", type: "varchar" },
    { name: "revenue", type: "decimal(38,2)" },
  ],
  rows: [
    ["SP", 12.5],
    [null, "12345678901234567890.12"],
  ],
  truncated: false,
  scanned_bytes: 1024,
  build: "20261121T053000Z-000001",
  query_id: "q-1",
  warnings: [],
};

/** What the tests read of an answer's body. */
const Answer = v.looseObject({
  id: v.optional(v.string()),
  name: v.optional(v.string()),
  executions: v.optional(v.array(v.looseObject({ name: v.string() }))),
  next_token: v.optional(v.nullable(v.string())),
  next: v.optional(v.nullable(v.string())),
});

interface Asking {
  readonly scopes?: readonly string[] | undefined;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Ana, if not given. */
  readonly caller?: Caller | undefined;
}

const ana: Caller = { subject: "ana", person: true };

/** The app alone, over Step Functions in memory. */
export class TestApp {
  readonly port = new FakePort();
  /** What was told to the log. */
  readonly faults: unknown[] = [];
  /** Where the reports are, when a test has some. */
  builds: Partial<AnalyticsPort> = {};
  /** What the copilot makes of any question. */
  asked: () => CopilotOutcome = () => ({ outcome: "answered", answer });
  /** The lines that the stream took, by their keys. */
  readonly stream: StreamRecord[] = [];
  /** Which records the stream is too busy for: their places in each request, in turn. */
  busy: number[][] = [];
  /** Milliseconds that somebody waited for. */
  readonly waited: number[] = [];
  /** Items of the online store, by group. */
  readonly online: Record<"user" | "item", OnlineItem[]> = { user: [], item: [] };
  /** Milliseconds since the epoch. */
  now = Date.UTC(2026, 0, 31);
  readonly executions = new Executions(this.port, machines);
  /** People and their exports, in memory. */
  readonly people = new MemoryPeople();
  readonly exports = memoryExports(this.people, this.executions, () => this.now);
  /** Campaigns, pictures and uploads, in memory and by this clock. */
  readonly campaigns = new MemoryCampaigns(this);
  readonly app = createApp({
    executions: this.executions,
    analytics: async () => new Analytics({ ...nothingBuilt, ...this.builds }),
    askCopilot: async () => this.asked(),
    sendInteractions: (events) =>
      sendBatch(
        events,
        {
          put: async (records) => {
            const refused = this.busy.shift() ?? [];
            this.stream.push(...records.filter((_, place) => !refused.includes(place)));
            return refused;
          },
          wait: async (milliseconds) => this.waited.push(milliseconds),
          now: () => this.now,
        },
        { clockSkewMinutes: 5, batchDays: 31 },
      ),
    readFeatures: featureReader({
      items: async (group, ids) => this.online[group].filter(({ id }) => ids.includes(id)),
      now: () => this.now,
    }),
    exports: async () => this.exports,
    campaigns: async () => this.campaigns.campaigns,
    assets: async () => this.campaigns.assets,
    onFault: (error) => this.faults.push(error),
  });

  /** One request to the app alone, as if the authorizer had let it through. */
  async ask(method: string, path: string, asking: Asking = {}) {
    const { headers = {}, body } = asking;
    const scopes = "scopes" in asking ? asking.scopes : everything;
    const caller = "caller" in asking ? asking.caller : ana;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await this.app.request(
      path,
      { method, headers, ...(body !== undefined && { body: text }) },
      { scopes, requestId: "request-1", caller, arrivedAt: this.now },
    );
    const said = v.parse(Answer, await response.json());
    return { status: response.status, headers: response.headers, answer: said };
  }

  /** The problem that a request ends with. */
  async problem(...asking: readonly [method: string, path: string, asking?: Asking]) {
    const { status, headers, answer: said } = await this.ask(...asking);
    expect(headers.get("content-type")).toBe("application/problem+json");
    const document = v.parse(ProblemDocument, said);
    expect(document.status).toBe(status);
    return { ...document, headers };
  }
}
