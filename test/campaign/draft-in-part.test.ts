import { checkCampaign, synthesiseCampaign } from "@penstock/campaign";
import { CampaignAnswer, type CampaignDraft } from "@penstock/contracts";
import { ModelOutputInvalid } from "@penstock/runtime/errors";
import { textFlags } from "@penstock/runtime/flags";
import type { ModelRequest, TextModel } from "@penstock/runtime/model";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { acceptInPart, groundsOf } from "../../packages/campaign/src/synthesise/accept-draft.ts";
import { cleanDraft, draftTexts } from "../../packages/campaign/src/synthesise/clean-draft.ts";
import { noted } from "../runtime/model/form.ts";
import { campaignPayloads } from "./campaign-payloads.ts";
import { settings } from "./campaign-settings.ts";
import { dynamoItem } from "./dynamo-item.ts";
import { memoryRecords } from "./memory-records.ts";
import { AT, draft, known, run } from "./product-fixture.ts";

const SLOGAN = "Forget all previous mugs.";
const ADDRESS = "www.mugs.com";

/** A model that says one thing after another, the last again and again. */
function saying(...replies: readonly unknown[]): { model: TextModel; asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  const model: TextModel = {
    async complete(wanted) {
      const reply = replies[Math.min(asked.push(wanted), replies.length) - 1];
      const text = typeof reply === "string" ? reply : JSON.stringify(reply);
      return { text, model: "m", offline: false, usage: { inputTokens: 1000, outputTokens: 100 } };
    },
  };
  return { model, asked };
}

/** The sequence's last two steps: what the model says, judged again as the check does. */
async function made(...replies: readonly unknown[]): Promise<{ campaign: CampaignAnswer; told: string }> {
  const { model, asked } = saying(...replies);
  const input = { ...run, item: dynamoItem(known), missing: [] };
  const written = await synthesiseCampaign(input, { settings, model, metrics: noted().metrics });
  const { campaign } = await checkCampaign(
    {
      ...run,
      method: "sequential",
      fallback_reason: "turns",
      missing: [],
      draft: written.draft,
      model: written.model,
    },
    { records: memoryRecords(known), settings, now: () => AT },
  );
  return { campaign: v.parse(CampaignAnswer, campaign), told: asked[1]?.messages.at(-1)?.text ?? "" };
}

const [german, japanese] = draft.campaigns;
if (german === undefined || japanese === undefined) throw new Error("a fixture of two markets");

/** The draft with a text in it at a place, in the lists as the only one. */
function planted(place: string, text: string): CampaignDraft {
  const copy = structuredClone(draft);
  const [part, at, name] = place.split(".");
  const list = part === "content_ideas" || part === "images" ? copy[part] : copy.campaigns;
  const item: object = list[Number(at)] ?? expect.unreachable(place);
  Object.assign(item, { [String(name)]: place.split(".").length === 4 ? [text] : text });
  return copy;
}

const places = draftTexts(draft).map(({ place }) => place);

describe("what shops write ends no sequence", () => {
  test.each(["{", "Here is your campaign: …", { ...draft, content_ideas: [] }])(
    "a slogan in an idea of the second answer, after %j",
    async (first) => {
      const [idea, ...ideas] = [...draft.content_ideas, ...draft.content_ideas.slice(0, 2)];
      const slogan = { ...draft, content_ideas: [{ ...idea, title: SLOGAN }, ...ideas] };

      const { campaign } = await made(first, slogan);

      expect(campaign.content_ideas).toEqual(ideas);
      expect(campaign.campaigns).toEqual(draft.campaigns);
      expect(campaign.incomplete).toEqual([{ step: "synthesis", market: null, reason: "flagged_idea" }]);
    },
  );

  test.each([
    ["the message of a market's only campaign", { message: SLOGAN }, "message", "flagged_campaign"],
    ["the only call", { calls_to_action: [SLOGAN] }, "calls_to_action.0", "flagged_campaign"],
    ["the only measure", { kpis: [SLOGAN] }, "kpis.0", "flagged_campaign"],
    ["an address as the only call", { calls_to_action: [ADDRESS] }, "calls_to_action.0", "empty_campaign"],
    ["an address as the name", { name: ADDRESS }, "name", "empty_campaign"],
  ])("%s, twice", async (_, change, place, reason) => {
    const { campaign, told } = await made({ ...draft, campaigns: [{ ...german, ...change }, japanese] });

    expect(campaign.campaigns).toEqual([japanese]);
    expect(campaign.content_ideas).toEqual(draft.content_ideas);
    expect(campaign.incomplete).toEqual([{ step: "synthesis", market: "DE", reason }]);
    expect(told).toContain(`campaigns.0.${place}: `);
    expect(told).not.toMatch(/mugs/);
  });

  test("one of three ideas, twice", async () => {
    const { campaign, told } = await made(planted("content_ideas.1.description", SLOGAN));

    expect(campaign.content_ideas).toEqual([draft.content_ideas[0], draft.content_ideas[2]]);
    expect(campaign.incomplete).toEqual([{ step: "synthesis", market: null, reason: "flagged_idea" }]);
    expect(told).toContain("content_ideas.1.description: reads like an instruction");
  });

  test("a call that is an address beside another, and a picture of nothing", async () => {
    const campaigns = [{ ...german, calls_to_action: [ADDRESS, "See the glazes"] }, japanese];

    const { campaign } = await made({ ...planted("images.0.prompt", ADDRESS), campaigns });

    expect(campaign.campaigns).toEqual(draft.campaigns);
    expect(campaign.generated_assets.images).toEqual([]);
    expect(campaign.incomplete.map(({ reason, market }) => [reason, market])).toEqual([
      ["empty_line", null],
      ["empty_image", null],
    ]);
  });

  test("a campaign of a market that has another is told without the market", async () => {
    const { campaign } = await made({
      ...draft,
      campaigns: [...draft.campaigns, { ...german, message: SLOGAN }],
    });

    expect(campaign.campaigns).toEqual(draft.campaigns);
    expect(campaign.incomplete).toEqual([{ step: "synthesis", market: null, reason: "flagged_campaign" }]);
  });

  test("each in a campaign of its own, and every idea, as long as one campaign is left", async () => {
    const { campaign } = await made({
      ...draft,
      content_ideas: draft.content_ideas.map((idea) => ({ ...idea, title: SLOGAN })),
      campaigns: [{ ...german, message: SLOGAN }, { ...german, name: ADDRESS }, japanese],
    });

    expect([campaign.content_ideas, campaign.campaigns]).toEqual([[], [japanese]]);
    expect(campaign.incomplete.map(({ reason, market }) => [reason, market])).toEqual([
      ["flagged_idea", null],
      ["flagged_campaign", "DE"],
      ["empty_campaign", "DE"],
    ]);
  });
});

test("a draft of which no campaign is left is no campaign, and says where and why", async () => {
  const campaigns = [
    { ...german, message: SLOGAN },
    { ...japanese, calls_to_action: [ADDRESS] },
  ];

  const refused = made({ ...draft, campaigns });

  await expect(refused).rejects.toThrow(ModelOutputInvalid);
  await expect(refused).rejects.toThrow(/campaigns\.1\.calls_to_action\.0: .*campaigns\.0\.message: /);
  await expect(refused).rejects.not.toThrow(/mugs/);
});

describe("what means to instruct a machine is in nothing that is taken", () => {
  const hostile = campaignPayloads.filter(({ text }) => textFlags(text).length > 0);
  const grounds = groundsOf(known);

  test("payloads are many enough for every place", () => {
    expect(hostile.length).toBeGreaterThan(places.length);
  });

  test.each(hostile.map(({ text }, at) => ({ text, place: places[at % places.length] ?? "" })))(
    "$place: $text",
    ({ text, place }) => {
      const said = planted(place, text);

      const { draft: taken, missing } = acceptInPart(said, grounds);

      const texts = [...draftTexts(taken), ...draftTexts(cleanDraft(taken))].map((each) => each.text);
      expect(texts.filter((each) => textFlags(each).length > 0)).toEqual([]);
      expect(JSON.stringify(taken)).not.toContain(JSON.stringify(text).slice(1, -1));
      expect(missing.map(({ step, reason }) => `${step} ${reason.split("_")[0]}`)).toEqual([
        "synthesis flagged",
      ]);
    },
  );
});
