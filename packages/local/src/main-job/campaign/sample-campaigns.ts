import type {
  CampaignAnswer,
  CampaignFailed,
  CampaignId,
  CampaignRequest,
  ImageId,
} from "@penstock/contracts";
import type * as v from "valibot";
import { makeCampaign, seesCampaign } from "../../campaigns/campaign-calls.ts";
import { requestImage } from "../../campaigns/image-calls.ts";
import { uploadPicture } from "../../campaigns/upload-calls.ts";
import { apiCaller, type CallApi, personCaller } from "../call-api.ts";
import type { Run } from "../run.ts";
import { settle } from "../settle.ts";
import { cupPicture } from "./cup-picture.ts";
import { type DrawnPicture, drawnPicture, seesPicture } from "./drawn-picture.ts";

const SCOPE = "penstock/campaigns";

/** A campaign, and which tier it was asked of. */
export interface MadeCampaign {
  readonly tier: 1 | 2;
  readonly state: CampaignAnswer | CampaignFailed;
}

/** What became of the sample's campaigns. */
export interface SampleCampaigns {
  readonly made: readonly MadeCampaign[];
  readonly pictures: readonly DrawnPicture[];
  /** What somebody sees that is somebody else's. */
  readonly strange: readonly string[];
}

type Request = v.InferInput<typeof CampaignRequest>;

/** What the agent took too long for. */
const TOO_LONG = "seconds";

/**
 * Makes a campaign by each tier and has their pictures drawn and one more: a person uploads by a form and asks the agent, a
 * program sends the picture along and asks for the sequence.
 */
export async function sampleCampaigns(run: Run): Promise<SampleCampaigns> {
  const { cloud, signal } = run;
  const person = await personCaller(cloud, "ana", SCOPE, signal);
  const program = await apiCaller(cloud, SCOPE, signal);
  const upload = await uploadPicture(
    person,
    { bytes: await cupPicture("#b3261e"), type: "image/png" },
    signal,
  );
  const first = await byAgent(
    person,
    {
      product: {
        name: "Red stoneware cup",
        description: "Thrown by hand, fired twice.",
        category: "Kitchen",
      },
      image: { upload_id: upload.upload_id },
      objectives: ["Become known", "Sell the new glaze"],
      target_markets: ["DE", "Japan", "BR"],
      target_audience: "People who drink tea at home",
    },
    signal,
  );
  const data = (await cupPicture("#1f4e9c")).toString("base64");
  const second = await makeCampaign(
    program,
    {
      product: { name: "Blue stoneware cup", category: "Kitchen" },
      image: { content_type: "image/png", data },
      objectives: ["Sell to cafés"],
      target_markets: ["DE", "JP", "BR"],
      tier: 2,
    },
    signal,
  );
  const alone = await requestImage(person, { prompt: "A red cup by a window", aspect_ratio: "16:9" });
  const pictures: DrawnPicture[] = [];
  for (const id of [...imagesOf(first), alone]) pictures.push(await drawnPicture(person, id, signal));
  for (const id of imagesOf(second)) pictures.push(await drawnPicture(program, id, signal));
  const strange = [
    ...(await seenBy(program, first.campaign_id, [...imagesOf(first), alone])),
    ...(await seenBy(person, second.campaign_id, imagesOf(second))),
  ];
  await settle(run);
  return {
    made: [
      { tier: 1, state: first },
      { tier: 2, state: second },
    ],
    pictures,
    strange,
  };
}

/** A campaign of tier 1. Where the machine was too busy for the agent's seconds it is asked for once more. */
async function byAgent(call: CallApi, request: Request, signal: AbortSignal): Promise<MadeCampaign["state"]> {
  const state = await makeCampaign(call, request, signal);
  if (state.status !== "completed" || state.fallback_reason !== TOO_LONG) return state;
  // Other words: an equal request would be answered with the campaign that is there.
  return makeCampaign(call, { ...request, objectives: request.objectives.toReversed() }, signal);
}

function imagesOf(state: MadeCampaign["state"]): ImageId[] {
  return state.status === "completed"
    ? state.generated_assets.images.map(({ request_id }) => request_id)
    : [];
}

async function seenBy(call: CallApi, campaign: CampaignId, images: readonly ImageId[]): Promise<string[]> {
  const seen = (await seesCampaign(call, campaign)) ? [`the campaign ${campaign}`] : [];
  for (const image of images) if (await seesPicture(call, image)) seen.push(`the picture ${image}`);
  return seen;
}
