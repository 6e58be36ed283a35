import { parseArgs } from "node:util";
import { type CampaignAnswer, CampaignRequest, type CampaignState } from "@penstock/contracts";
import * as v from "valibot";
import { callerOptions, callerUsage, campaignsCaller } from "./campaigns-caller.ts";
import { pictureFile } from "./picture-file.ts";
import { exitCodeOf, UsageError } from "./usage.ts";

const usage = `penstock campaign --image FILE --name NAME --objective TEXT… --market MARKET… [options]

Makes a campaign for a product on the local cloud that \`penstock dev\` runs: uploads its picture, asks, waits, and prints it.
  --image FILE        the product's picture, JPEG or PNG
  --name NAME         the product
  --description TEXT  what is to be said of it
  --category TEXT     what it is
  --objective TEXT    what the campaign is to reach; up to 5
  --market MARKET     DE, Japan, …; up to 5
  --audience TEXT     whom it is for
  --tier 1|2          1: by the agent (when not given); 2: without it
${callerUsage}
Exit codes: 0 it is made, 1 there is none, 2 wrong usage, 3 refused or out of reach.`;

/** In the place of the upload's id, until there is one. */
const TO_COME = "20260101T000000Z_00000000-0000-4000-8000-000000000000.png";

/** `penstock campaign`. @returns the exit code, as the usage says */
export function campaignCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values } = parseArgs({
        args,
        options: {
          ...callerOptions,
          image: { type: "string" },
          name: { type: "string" },
          description: { type: "string" },
          category: { type: "string" },
          objective: { type: "string", multiple: true },
          market: { type: "string", multiple: true },
          audience: { type: "string" },
          tier: { type: "string", default: "1" },
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      if (values.image === undefined) throw new UsageError("Name the product's picture: --image FILE.");
      const { name, description, category, audience } = values;
      const wanted = v.safeParse(CampaignRequest, {
        product: { name, ...(description && { description }), ...(category && { category }) },
        image: { upload_id: TO_COME },
        objectives: values.objective ?? [],
        target_markets: values.market ?? [],
        ...(audience && { target_audience: audience }),
        tier: Number(values.tier),
      });
      // Looked at before anything is uploaded.
      if (!wanted.success) throw new UsageError(wanted.issues.map(({ message }) => message).join("\n"));
      const picture = await pictureFile(values.image);
      const call = await campaignsCaller(values.user);
      const [{ makeCampaign }, { uploadPicture }] = await Promise.all([
        import("../campaigns/campaign-calls.ts"),
        import("../campaigns/upload-calls.ts"),
      ]);
      const { signal } = new AbortController();
      const upload = await uploadPicture(call, picture, signal);
      if (upload.status === "rejected") {
        console.error(`${values.image} cannot be used: ${upload.reason}.`);
        return 1;
      }
      const state = await makeCampaign(
        call,
        { ...wanted.output, image: { upload_id: upload.upload_id } },
        signal,
      );
      console.log(values.json ? JSON.stringify(state, null, 2) : told(state));
      return state.status === "completed" ? 0 : 1;
    },
    3,
  );
}

function told(state: Exclude<CampaignState, { status: "running" }>): string {
  if (state.status === "failed") return `failed  ${state.campaign_id}  ${state.reason}`;
  return [
    `${state.campaign_id}  ${state.generation_method}${state.fallback_reason === null ? "" : ` (${state.fallback_reason})`}, by ${model(state)}`,
    `  seen    ${state.product.labels.map(({ name }) => name).join(", ") || "nothing that can be named"}`,
    ...state.content_ideas.map(({ market, platform, title }) => `  idea    ${market}, ${platform}: ${title}`),
    ...state.campaigns.map(({ market, name, message }) => `  plan    ${market}, ${name}: ${message}`),
    ...state.generated_assets.images.map(({ prompt, status_url }) => `  image   ${status_url}  ${prompt}`),
    ...state.incomplete.map(
      ({ step, market, reason }) => `  without ${step}${market === null ? "" : ` of ${market}`}: ${reason}`,
    ),
  ].join("\n");
}

function model({ model: { id, offline } }: CampaignAnswer): string {
  return offline ? `${id}, offline` : id;
}
