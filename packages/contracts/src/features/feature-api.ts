import * as v from "valibot";
import { identifier } from "../columns/identifier.ts";
import { FeatureValues, OnlineItem } from "./online-item.ts";
import { InteractionEvent } from "./sources.ts";

/** As many as one request to the stream takes. */
const MOST_INTERACTIONS = 500;
/** As many as one request to the online store takes. */
const MOST_IDS = 100;

/** Interactions that somebody sends, all of them good or none taken. */
export const InteractionBatch = v.strictObject({
  interactions: v.pipe(
    v.array(InteractionEvent, "Give a list of interactions."),
    v.minLength(1, "Give at least one interaction."),
    v.maxLength(
      MOST_INTERACTIONS,
      `Give at most ${MOST_INTERACTIONS} interactions, and the rest in another request.`,
    ),
    v.description(`1 to ${MOST_INTERACTIONS} interactions`),
  ),
});
export type InteractionBatch = v.InferOutput<typeof InteractionBatch>;

/** That interactions are on their way into the lake. */
export const InteractionsTaken = v.strictObject({
  taken: v.pipe(v.number(), v.integer(), v.description("Interactions that were taken: all that were sent")),
});
export type InteractionsTaken = v.InferOutput<typeof InteractionsTaken>;

/** The users or products whose features are asked for. */
export const FeatureKeys = v.strictObject({
  ids: v.pipe(
    v.array(identifier(), "Give a list of ids."),
    v.minLength(1, "Give at least one id."),
    v.maxLength(MOST_IDS, `Give at most ${MOST_IDS} ids, and the rest in another request.`),
    v.description(`1 to ${MOST_IDS} ids of users or products`),
  ),
});

/** The features of one user or product as they are online. */
export const OnlineFeatures = v.strictObject({
  id: v.pipe(v.string(), v.description("The user or product")),
  version: v.pipe(OnlineItem.entries.version, v.description("Version of the features' contract")),
  as_of: v.pipe(
    v.string(),
    v.description("What happened before this moment is in the features: ISO 8601, UTC"),
  ),
  run: v.pipe(v.string(), v.description("The attempt of a run that computed them")),
  features: v.pipe(FeatureValues, v.description("By name; a feature without a value is not among them")),
});
export type OnlineFeatures = v.InferOutput<typeof OnlineFeatures>;

/** The features of several users or products. */
export const OnlineFeaturesBatch = v.strictObject({
  found: v.pipe(v.array(OnlineFeatures), v.description("In the order in which the ids were given")),
  missing: v.pipe(v.array(v.string()), v.description("Ids that have no features, or none any more")),
});
export type OnlineFeaturesBatch = v.InferOutput<typeof OnlineFeaturesBatch>;
