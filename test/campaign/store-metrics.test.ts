import type { Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { campaignOf } from "../../packages/campaign/src/synthesise/campaign-of.ts";
import { settings } from "./campaign-settings.ts";
import { campaignTables } from "./campaign-tables.ts";
import { AT, draft, known, PRODUCT, run } from "./product-fixture.ts";

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "penstock-test-StoreCampaign",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:penstock-test-StoreCampaign",
  memoryLimitInMB: "512",
  awsRequestId: "request-1",
  logGroupName: "group",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 60_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

const tables = await campaignTables();
const printed: string[] = [];

beforeAll(async () => {
  vi.stubEnv("AWS_ENDPOINT_URL", tables.endpoint);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("SST_RESOURCE_App", JSON.stringify({ name: "penstock", stage: "test" }));
  vi.stubEnv("SST_RESOURCE_Campaign", JSON.stringify(settings));
  // What is linked is read when it is first loaded.
  const { dynamoCampaigns } = await import("@penstock/campaign/requests");
  await dynamoCampaigns(tables.client, { products: "products", cache: "cache" }, 24).create(known);
});
beforeEach(() => {
  printed.length = 0;
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      printed.push(...String(chunk).split("\n").filter(Boolean));
      return true;
    });
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  tables.close();
});

test("who made a campaign and why it was not the agent are counted, and nothing that it says is logged", async () => {
  const { handler } = await import("../../packages/campaign/src/tasks/store-campaign.ts");
  const campaign = campaignOf(known, draft, {
    method: "sequential",
    fallback_reason: "max_tokens",
    model: { id: "m", offline: false },
    incomplete: [{ step: "data_enrichment", market: null, reason: "no_key" }],
    at: AT,
  });

  const event = { ...run, campaign, queued: [], tokens: 9000, cost_usd: 0.0125 };
  const stored = await handler(event, context);
  // The answer was lost: it is tried again.
  await handler(event, context);

  vi.restoreAllMocks();
  expect(stored).toMatchObject({ status: "completed", method: "sequential" });
  const lines = printed.map((line): Record<string, unknown> => JSON.parse(line));
  expect(
    lines.filter(({ Method, GenerationMethod }) => Method === "sequential" && GenerationMethod === 1),
  ).toHaveLength(1);
  expect(lines).toContainEqual(expect.objectContaining({ Reason: "max_tokens", FallBack: 1 }));
  // An alarm reckons with these, the first time too.
  expect(lines).toContainEqual(expect.objectContaining({ Method: "bedrock_agent", GenerationMethod: 0 }));
  expect(lines).toContainEqual(expect.objectContaining({ Reason: "asked_for", FallBack: 0 }));
  expect(lines).toContainEqual(
    expect.objectContaining({
      EnrichmentSkipped: 1,
      ImagesNotQueued: draft.images.length,
      CampaignSeconds: expect.any(Number),
      CampaignTokens: 9000,
      CampaignCostUsd: 0.0125,
      TaskSucceeded: 1,
    }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ message: "campaign stored", product_id: PRODUCT }));
  for (const text of [known.product_name, draft.campaigns[0]?.message, draft.images[0]?.prompt])
    expect(printed.join("\n")).not.toContain(text);
});
