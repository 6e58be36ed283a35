import { type CampaignAnswer, CampaignState, type ImageStatus, type UploadStatus } from "@penstock/contracts";
import sharp from "sharp";
import * as v from "valibot";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCampaign, seesCampaign } from "../../packages/local/src/campaigns/campaign-calls.ts";
import { drawnImage, requestImage } from "../../packages/local/src/campaigns/image-calls.ts";
import { uploadPicture } from "../../packages/local/src/campaigns/upload-calls.ts";
import type { CallApi } from "../../packages/local/src/main-job/call-api.ts";
import { cup, openCampaigns } from "./campaign-cloud.ts";

type Drawn = Exclude<ImageStatus, { status: "pending" }>;

const asked = {
  product: { name: "Red cup", description: "A cup of stoneware", category: "Kitchen" },
  objectives: ["Sell it in spring", "Be known"],
  target_audience: "People who drink tea at work",
};

let campaigns: Awaited<ReturnType<typeof openCampaigns>>;
let ana: CallApi;
let bob: CallApi;
let upload: UploadStatus;
let byAgent: CampaignAnswer;
let bySequence: CampaignAnswer;
let drawn: readonly Drawn[];
let own: Drawn;

const request = () => ({ ...asked, target_markets: ["DE", "Japan"], image: { upload_id: upload.upload_id } });

/** A campaign that is made. */
async function made(...of: Parameters<typeof makeCampaign>): Promise<CampaignAnswer> {
  const state = await makeCampaign(...of);
  if (state.status !== "completed") throw new Error(`there is no campaign: ${state.reason}`);
  return state;
}

beforeAll(async () => {
  campaigns = await openCampaigns();
  const { signal } = campaigns;
  ana = await campaigns.as("ana");
  bob = await campaigns.as("bob");
  const bytes = await cup();
  upload = await uploadPicture(ana, { bytes, type: "image/png" }, signal);
  const data = bytes.toString("base64");
  [byAgent, bySequence] = await Promise.all([
    made(ana, request(), signal),
    made(
      ana,
      { ...asked, target_markets: ["BR"], tier: 2, image: { content_type: "image/png", data } },
      signal,
    ),
  ]);
  const ids = [byAgent, bySequence].flatMap(({ generated_assets }) => generated_assets.images);
  drawn = await Promise.all(ids.map(({ request_id }) => drawnImage(ana, request_id, signal)));
  const wanted = { prompt: "A tea house in the rain", aspect_ratio: "16:9", style: "sketch" } as const;
  own = await drawnImage(ana, await requestImage(ana, wanted), signal);
  await campaigns.settled();
}, 600_000);
afterAll(() => campaigns?.cloud.close());

it("an upload by a form is told what it is by its bytes", () => {
  expect(upload).toMatchObject({ status: "uploaded", content_type: "image/png", width: 240, height: 200 });
});

it("the agent makes a campaign in two turns, of labels, videos and each market", () => {
  expect(byAgent).toMatchObject({
    generation_method: "bedrock_agent",
    fallback_reason: null,
    model: { offline: true },
    incomplete: [],
  });
  expect(byAgent.product.labels.map(({ name }) => name)).toContain("Red");
  expect(byAgent.product.videos).toHaveLength(5);
  expect(new Set(byAgent.campaigns.map(({ market }) => market))).toEqual(new Set(["DE", "JP"]));
});

it("the sequence makes one of the same parts, where somebody asks for it", () => {
  expect(bySequence).toMatchObject({
    generation_method: "sequential",
    fallback_reason: "asked_for",
    model: { offline: true },
    incomplete: [],
  });
  expect(new Set(bySequence.campaigns.map(({ market }) => market))).toEqual(new Set(["BR"]));
});

it("each step has put its part into the product's record", async () => {
  const record = await campaigns.item("products", { product_id: byAgent.campaign_id });

  expect(record).toMatchObject({
    status: "completed",
    steps: { image_analysis: "done", data_enrichment: "done", cultural_intelligence: "done" },
    image_analysis: { offline: true },
    youtube_data: { state: "ok" },
    cultural_data: { market_insights: { DE: { offline: true }, JP: { offline: true } } },
    campaign: { campaign_data: { campaign_id: byAgent.campaign_id } },
  });
});

it("no execution fails, each is named by its correlation id, and has a run record", async () => {
  const executions = await campaigns.executions();
  const outputs = Object.fromEntries(executions.map(({ name, output }) => [name, output]));
  const agent = executions.find(({ name }) => name === byAgent.correlation_id);

  expect(executions.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  expect(outputs).toMatchObject({
    [byAgent.correlation_id]: { status: "SUCCEEDED", method: "bedrock_agent", turns: 2 },
    [bySequence.correlation_id]: { status: "SUCCEEDED", method: "sequential", turns: 0, reason: "asked_for" },
  });
  expect(agent?.states.filter((state) => state === "Converse")).toHaveLength(2);
  expect(agent?.states).not.toContain("FallBack");
  const [run] = await Promise.all(
    executions
      .filter(({ name }) => name === byAgent.correlation_id)
      .map(({ name }) => campaigns.item("runs", { run_id: `penstock-local-campaign/${name}` })),
  );
  expect(run).toMatchObject({ workflow: "campaign", status: "SUCCEEDED", method: "bedrock_agent", turns: 2 });
});

it("pictures are drawn, served by CloudFront as they are, and by the bucket to nobody", async () => {
  expect(drawn.length).toBeGreaterThan(1);
  for (const picture of [...drawn, own]) {
    expect(picture.status).toBe("completed");
    if (picture.status !== "completed") throw new Error("there is no picture");
    const served = await fetch(picture.s3_url);
    expect(served.status).toBe(200);
    expect(served.headers.get("content-type")).toBe("image/png");
    expect(served.headers.get("x-content-type-options")).toBe("nosniff");
    const { format } = await sharp(await served.arrayBuffer()).metadata();
    expect(format).toBe("png");
    const bucket = campaigns.cloud.graph.outputs.generatedAssets;
    const direct = await fetch(`${campaigns.cloud.endpoint}/${bucket}/${picture.s3_key}`);
    expect(direct.status).toBe(403);
  }
});

it("the queue of pictures is empty, and none was given up", async () => {
  expect(await campaigns.messages("imageRequests")).toBe(0);
  expect(await campaigns.messages("imageRequestsDead")).toBe(0);
});

it("an equal request has the same campaign, and nothing is made for it", async () => {
  const response = await ana("/api/campaign/tier-1", { method: "POST", body: JSON.stringify(request()) });
  const again = v.parse(CampaignState, await response.json());

  expect(again).toEqual(byAgent);
  expect(response.headers.get("age")).toMatch(/^\d+$/);
  expect(await campaigns.executions()).toHaveLength(2);
});

it("somebody else sees none of it: not the campaign, not its pictures, not the upload", async () => {
  const [picture] = byAgent.generated_assets.images;
  const paths = [picture?.status_url ?? "", `/api/upload/status/${upload.upload_id}`];

  expect(await seesCampaign(ana, byAgent.campaign_id)).toBe(true);
  expect(await seesCampaign(bob, byAgent.campaign_id)).toBe(false);
  for (const path of paths) expect((await bob(path)).status).toBe(404);
  const stolen = await bob("/api/campaign/tier-1", { method: "POST", body: JSON.stringify(request()) });
  expect(stolen.status).toBe(404);
  expect(await campaigns.executions()).toHaveLength(2);
});
