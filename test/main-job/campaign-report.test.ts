import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CampaignAnswer, ImageStatus } from "@penstock/contracts";
import { describe, expect, it } from "vitest";
import { campaignOf } from "../../packages/campaign/src/synthesise/campaign-of.ts";
import { campaignChecks } from "../../packages/local/src/main-job/campaign/campaign-checks.ts";
import { renderCampaigns } from "../../packages/local/src/main-job/campaign/campaign-lines.ts";
import { type DrawnPicture, drawnPicture } from "../../packages/local/src/main-job/campaign/drawn-picture.ts";
import { photosIn } from "../../packages/local/src/main-job/campaign/photos-folder.ts";
import type { SampleCampaigns } from "../../packages/local/src/main-job/campaign/sample-campaigns.ts";
import { AT, draft, known } from "../campaign/product-fixture.ts";

const answer = (method: CampaignAnswer["generation_method"], more: Partial<CampaignAnswer> = {}) => ({
  ...campaignOf(known, draft, {
    method,
    fallback_reason: method === "sequential" ? "asked_for" : null,
    model: { id: "penstock-offline-rules", offline: true },
    incomplete: [],
    at: AT,
  }),
  ...more,
});

const ID = "44444444-4444-4444-8444-444444444444";
const drawn: Exclude<ImageStatus, { status: "pending" }> = {
  request_id: ID,
  prompt: "A cup",
  style: "photographic",
  aspect_ratio: "16:9",
  created_at: AT.toISOString(),
  status: "completed",
  s3_key: "generated/anonymous/a.png",
  s3_url: "https://pictures.example/generated/anonymous/a.png",
  generated_at: AT.toISOString(),
};
const whole: SampleCampaigns = {
  made: [
    { tier: 1, state: answer("bedrock_agent") },
    { tier: 2, state: answer("sequential") },
  ],
  pictures: [{ status: drawn }],
  strange: [],
};

const failing = (what: Partial<SampleCampaigns>) =>
  campaignChecks({ ...whole, ...what }).flatMap(({ name, holds, detail }) =>
    holds ? [] : [`${name}: ${detail}`],
  );

describe("what is said of the sample's campaigns", () => {
  it("how they were made, of what, and where a picture is", () => {
    expect(renderCampaigns(whole)).toEqual([
      "Campaigns: 2 (bedrock_agent 1, sequential 1); markets DE, JP; ideas 6, campaigns 4; videos 4; model penstock-offline-rules, offline",
      "  bedrock_agent   Blue stoneware mug: A morning; seen: Cup, Pottery",
      "  sequential      Blue stoneware mug: A morning; seen: Cup, Pottery",
      "Images: 1 completed, 0 failed; https://pictures.example/generated/anonymous/a.png",
    ]);
  });

  it("and what of them is not there", () => {
    const failed: DrawnPicture = {
      status: {
        request_id: ID,
        prompt: "A cup",
        style: "photographic",
        aspect_ratio: "16:9",
        created_at: AT.toISOString(),
        status: "failed",
        error: "filtered",
      },
      fault: "filtered",
    };

    expect(renderCampaigns({ made: [], pictures: [failed], strange: [] }).at(-1)).toBe(
      "Images: 0 completed, 1 failed",
    );
  });
});

describe("what must hold of them", () => {
  it("holds of campaigns and pictures of which nothing is missing", () => {
    expect(failing({})).toEqual([]);
  });

  it.each<[string, Partial<SampleCampaigns>, RegExp]>([
    [
      "a campaign of the agent's that the sequence made",
      { made: [{ tier: 1, state: answer("sequential") }] },
      /^campaigns: tier 1 was made by sequential \(asked_for\)/,
    ],
    [
      "a campaign without videos",
      {
        made: [
          {
            tier: 2,
            state: answer("sequential", {
              incomplete: [{ step: "data_enrichment", market: null, reason: "no_key" }],
            }),
          },
        ],
      },
      /^campaigns: tier 2 is without data_enrichment \(no_key\)/,
    ],
    [
      "a picture that is none",
      { pictures: [{ status: drawn, fault: "it is no PNG" }] },
      /^pictures: .*it is no PNG/,
    ],
    [
      "what somebody else sees",
      { strange: ["the campaign 1"] },
      /^campaigns of others: somebody else sees the campaign 1/,
    ],
  ])("does not hold of %s", (_, what, said) => {
    expect(failing(what)).toEqual([expect.stringMatching(said)]);
  });
});

describe("a picture at its address", () => {
  const head = (width: number, height: number) => {
    const bytes = Buffer.alloc(40);
    bytes.set(Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes;
  };
  const at = (bytes: Buffer, type = "image/png") =>
    drawnPicture(
      async () => Response.json({ ...drawn, s3_url: `data:${type};base64,${bytes.toString("base64")}` }),
      ID,
      new AbortController().signal,
    );

  it.each([
    ["is a PNG of its form", head(1664, 896), undefined],
    ["has another form", head(1024, 1024), "it has 1024 × 1024 pixels, which is not 16:9"],
    ["is something else", Buffer.from("<html>not found</html> and more and more"), "it is no PNG"],
  ])("%s", async (_, bytes, fault) => {
    expect((await at(bytes)).fault).toBe(fault);
  });
});

describe("a folder of photos", () => {
  it("has pictures and no tables", async () => {
    const folder = await mkdtemp(join(tmpdir(), "penstock-photos-"));
    await writeFile(join(folder, "b.PNG"), "");
    await writeFile(join(folder, "a.jpeg"), "");
    await writeFile(join(folder, "readme.txt"), "");

    const photos = await photosIn(folder);
    await writeFile(join(folder, "orders.csv"), "");
    const none = await photosIn(folder);
    await rm(folder, { recursive: true });

    expect(photos).toEqual([
      { file: "a.jpeg", type: "image/jpeg" },
      { file: "b.PNG", type: "image/png" },
    ]);
    expect(none).toEqual([]);
    expect(await photosIn(join(folder, "nowhere"))).toEqual([]);
  });
});
