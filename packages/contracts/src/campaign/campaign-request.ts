import * as v from "valibot";
import { ImageType, UploadId } from "../assets/upload.ts";
import { shownText } from "../text/shown-text.ts";
import { MarketGiven } from "./markets.ts";

/** Most bytes of a picture that comes within a request: Lambda takes 6 MB with all that stands around it. */
export const INLINE_IMAGE_BYTES = 4 * 1024 * 1024;

const MOST_MARKETS = 5;
const MOST_OBJECTIVES = 5;

/** Bytes that base64 stands for. Searched for what is no base64: a pattern of the whole would be tried at every length. */
function decodedBytes(data: string): number | undefined {
  const end = data.indexOf("=");
  const letters = end < 0 ? data : data.slice(0, end);
  const padding = data.length - letters.length;
  const formed =
    data.length % 4 === 0 && data.length > 0 && padding <= 2 && /^=*$/.test(data.slice(letters.length));
  if (!formed || /[^A-Za-z0-9+/]/.test(letters)) return undefined;
  return (data.length / 4) * 3 - padding;
}

const imageMessage =
  "Give the product's picture: upload_id of a finished upload, or content_type (image/jpeg or image/png) and data in base64.";

/** The product's picture: one that was uploaded before, or one within the request. */
export const CampaignImage = v.union(
  [
    v.strictObject({ upload_id: UploadId }),
    v.strictObject({
      content_type: ImageType,
      data: v.pipe(
        v.string("Give the picture's bytes in base64."),
        v.check((data) => decodedBytes(data) !== undefined, "Give the picture's bytes in base64."),
        v.check(
          (data) => (decodedBytes(data) ?? 0) <= INLINE_IMAGE_BYTES,
          `A picture of more than ${INLINE_IMAGE_BYTES} bytes does not fit into a request. Upload it, and give its upload_id.`,
        ),
        v.description("The picture's bytes in base64, at most 4 MiB of them"),
      ),
    }),
  ],
  imageMessage,
);
export type CampaignImage = v.InferOutput<typeof CampaignImage>;

/** What a campaign is asked for with. Whose it is says the token alone. */
export const CampaignRequest = v.strictObject({
  product: v.pipe(
    v.strictObject({
      name: shownText("the product's name", 200),
      description: v.optional(shownText("a description", 2000)),
      category: v.optional(shownText("a category", 80)),
    }),
    v.description("The product: name, and where there are such a description and a category"),
  ),
  image: v.pipe(
    CampaignImage,
    v.description("The product's picture, JPEG or PNG: {upload_id}, or {content_type, data}"),
  ),
  objectives: v.pipe(
    v.array(shownText("an objective", 200), "Give a list of objectives."),
    v.minLength(1, "Give at least one objective."),
    v.maxLength(MOST_OBJECTIVES, `Give at most ${MOST_OBJECTIVES} objectives.`),
    v.description(`What the campaign is to reach: 1 to ${MOST_OBJECTIVES} objectives`),
  ),
  target_markets: v.pipe(
    v.array(MarketGiven, "Give a list of markets."),
    v.minLength(1, "Give at least one market."),
    v.maxLength(MOST_MARKETS, `Give at most ${MOST_MARKETS} markets.`),
    v.description(`1 to ${MOST_MARKETS} markets, by codes of ISO 3166-1 alpha-2 or English names`),
  ),
  target_audience: v.optional(shownText("an audience", 500)),
  tier: v.pipe(
    v.optional(v.picklist([1, 2], "Give 1, or 2 for a campaign without the agent."), 1),
    v.description("1: by the agent, and in sequence where it fails; 2: in sequence from the start"),
  ),
});
export type CampaignRequest = v.InferOutput<typeof CampaignRequest>;
