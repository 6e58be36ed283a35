import * as v from "valibot";
import { moment } from "../text/moment.ts";
import { ImageId, imageSeed } from "./image-id.ts";
import { AspectRatio, ImageStyle } from "./image-style.ts";
import { KeyOwner, Subject } from "./key-owner.ts";

/** Why a picture was not drawn. All of them are final: whoever wants it asks again, under a new id. */
export const imageErrors = [
  /** The message did not come into the queue. */
  "not_queued",
  /** The model's filter of contents let nothing out. */
  "filtered",
  /** The model refused the request. */
  "refused",
  /** The model was asked and no picture of it is there; it may have been paid, so it is not asked again. */
  "outcome_unknown",
  /** The model could not be asked, as often as it was tried. */
  "gave_up",
  /** Nothing was heard of it for too long. */
  "lost",
  /** What the model gave is no picture. */
  "image_unreadable",
] as const;

export const ImageError = v.pipe(v.picklist(imageErrors), v.description("Why it was not drawn"));
export type ImageError = v.InferOutput<typeof ImageError>;

const count = (what: string, least = 0) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.description(what));

const asked = {
  request_id: ImageId,
  user_id: v.pipe(Subject, v.description("Who asked for it")),
  key_owner: v.pipe(KeyOwner, v.description("Whose keys the picture has")),
  prompt: v.pipe(v.string(), v.description("What is to be seen")),
  style: ImageStyle,
  aspect_ratio: AspectRatio,
  seed: count("The number that it is drawn from", 1),
  created_at: moment("When it was asked for"),
  expires_at: count("When the record ends, in seconds since the epoch"),
  campaign_id: v.optional(v.pipe(v.string(), v.description("The campaign that asked for it"))),
};

/** What the record says of those who draw: times in milliseconds since the epoch. */
const tried = {
  attempts: v.optional(count("How often somebody began to draw it")),
  claim: v.optional(v.pipe(v.string(), v.description("Who draws it now, or did last"))),
  claimed_until: v.optional(count("Until when nobody else may begin")),
  asked_at: v.optional(count("When the model was asked, which may cost money; absent where it was not")),
};

const drawn = {
  s3_key: v.pipe(v.string(), v.description("The picture's key")),
  s3_url: v.pipe(v.string(), v.url(), v.description("Where the picture is to be had")),
  generated_at: moment("When it was drawn"),
};

/** A picture in the table `generated_images`. */
export const ImageRecord = v.variant("status", [
  v.strictObject({ ...asked, status: v.literal("pending"), ...tried }),
  v.strictObject({
    ...asked,
    status: v.literal("completed"),
    ...tried,
    ...drawn,
    width: count("Pixels", 1),
    height: count("Pixels", 1),
    bytes: count("Its size", 1),
    model: v.pipe(v.string(), v.description("The model that drew it")),
    offline: v.pipe(v.boolean(), v.description("Whether that is the local cloud's stand-in")),
  }),
  v.strictObject({ ...asked, status: v.literal("failed"), ...tried, error: ImageError }),
]);
export type ImageRecord = v.InferOutput<typeof ImageRecord>;

/** A picture that is to be drawn. */
export type PendingImage = Extract<ImageRecord, { status: "pending" }>;

const shown = {
  request_id: ImageId,
  prompt: asked.prompt,
  style: ImageStyle,
  aspect_ratio: AspectRatio,
  created_at: asked.created_at,
};

/** How a picture stands, for who asked for it. */
export const ImageStatus = v.variant("status", [
  v.strictObject({ ...shown, status: v.literal("pending") }),
  v.strictObject({ ...shown, status: v.literal("completed"), ...drawn }),
  v.strictObject({ ...shown, status: v.literal("failed"), error: ImageError }),
]);
export type ImageStatus = v.InferOutput<typeof ImageStatus>;

/** Path at which a picture's status is to be had. */
export function imageStatusUrl(id: ImageId): string {
  return `/api/assets/${id}`;
}

/** The record of a picture that is asked for now, to be put where there is none of its id. */
export function pendingImage(wanted: {
  readonly id: ImageId;
  readonly user: Subject;
  readonly owner: KeyOwner;
  readonly prompt: string;
  readonly style: ImageStyle;
  readonly aspectRatio: AspectRatio;
  readonly at: Date;
  /** How long the record is kept. */
  readonly days: number;
  readonly campaign?: string;
}): PendingImage {
  const { id, user, owner, prompt, style, aspectRatio, at, days, campaign } = wanted;
  return {
    request_id: id,
    user_id: user,
    key_owner: owner,
    prompt,
    style,
    aspect_ratio: aspectRatio,
    status: "pending",
    seed: imageSeed(id),
    created_at: at.toISOString(),
    expires_at: Math.floor(at.getTime() / 1000) + days * 24 * 60 * 60,
    ...(campaign !== undefined && { campaign_id: campaign }),
  };
}
