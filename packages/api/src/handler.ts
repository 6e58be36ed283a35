import { SFNClient } from "@aws-sdk/client-sfn";
import { Executions, stepFunctionsExecutions } from "@penstock/runtime/executions";
import { resource } from "@penstock/runtime/resource";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import * as v from "valibot";
import type { Analytics } from "./analytics/analytics.ts";
import { createApp } from "./app.ts";
import type { Assets } from "./assets/assets.ts";
import type { Campaigns } from "./campaigns/campaigns.ts";
import { toRequest, toResult } from "./lambda-event.ts";

/** What the deployment links: ARNs of the state machines by workflow. */
const Pipelines = v.object({ machines: v.record(v.string(), v.string()) });

const { machines } = resource("Pipelines", Pipelines);

/** What a request is the first to need is made by it; the next one finds it. */
function onFirstUse<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const analytics: () => Promise<Analytics> = onFirstUse(
  async () => (await import("./analytics/linked.ts")).linkedAnalytics,
);
const interactions = onFirstUse(
  async () => (await import("./interactions/linked.ts")).sendLinkedInteractions,
);
const features = onFirstUse(async () => (await import("./features/linked.ts")).readLinkedFeatures);
const copilot = onFirstUse(async () => (await import("./linked-copilot.ts")).askLinkedCopilot);

const stepFunctions = new SFNClient({});
const executions = new Executions(stepFunctionsExecutions(stepFunctions), machines);
const exports = onFirstUse(async () => (await import("./dna/linked.ts")).linkedExports(executions));
const assets: () => Promise<Assets> = onFirstUse(async () =>
  (await import("./assets/linked.ts")).linkedAssets(),
);
const campaigns: () => Promise<Campaigns> = onFirstUse(async () =>
  (await import("./campaigns/linked.ts")).linkedCampaigns(stepFunctions),
);

const app = createApp({
  executions,
  analytics,
  askCopilot: async (question) => (await copilot())(question),
  sendInteractions: async (events) => (await interactions())(events),
  readFeatures: async (group, ids) => (await features())(group, ids),
  exports,
  campaigns,
  assets,
  // Lambda makes a JSON line of it, with the level and its own request id.
  onFault: (error, requestId) => console.error("The request failed", { requestId, error }),
});

/** The API's Lambda function, behind the HTTP API. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { request, surroundings } = toRequest(event);
  return toResult(await app.fetch(request, surroundings));
}
