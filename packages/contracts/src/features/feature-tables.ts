import { type FeatureTable, featureTable } from "./feature-table.ts";
import type { FeatureGroup } from "./run-names.ts";

/**
 * The features, by whose they are. How each is computed stands in `packages/features/sql`, column by column; what holds
 * for all of them:
 *
 * - *Earlier* and *later* are in the order of (occurred_at, interaction_id), which is total. Days and hours are UTC.
 * - Category, brand and price of an interaction are its product's as they were known when it happened.
 * - User and item features are as of the midnight that ends the run's last day (`as_of`). There is a row for each user
 *   or product with an interaction in the run's days; the whole history up to `as_of` counts.
 * - An interaction's features know what was earlier, and nothing else.
 * - Dividing by zero gives null, unless the feature says otherwise.
 */

const priced = {
  from: "interactions",
  where: "interaction_type = 'purchase' AND price IS NOT NULL",
} as const;
const viewed = { from: "interactions", where: "interaction_type = 'view'" } as const;
const bought = { from: "interactions", where: "interaction_type = 'purchase'" } as const;

/** What users did so far. */
export const userFeatures = featureTable({
  group: "user",
  version: 1,
  description: "What a user did up to the end of the run's days",
  key: "user_id",
  subject: { user_id: ["string", "the user"] },
  orderBy: ["user_id"],
  features: {
    total_interactions: {
      type: "bigint",
      comment: "interactions of any type",
      sources: ["interactions.user_id"],
    },
    total_purchases: {
      type: "bigint",
      comment: "interactions of the type purchase; 0 without any",
      sources: ["interactions.interaction_type"],
    },
    avg_session_duration: {
      type: "double",
      comment: "seconds from the first to the last interaction of a session, mean over the user's sessions",
      sources: ["interactions.session_id", "interactions.occurred_at"],
      nullWhen: "without an interaction of a session",
      evidence: { from: "interactions", where: "session_id IS NOT NULL" },
    },
    favorite_category: {
      type: "string",
      comment: "category with most interactions; of equal ones the one that had as many first",
      sources: ["interactions.category", "interactions.occurred_at", "interactions.interaction_id"],
      nullWhen: "without an interaction of a known category",
      evidence: { from: "interactions", where: "category IS NOT NULL" },
    },
    avg_price_point: {
      type: "double",
      comment: "mean price of what was bought, in the currency of the data",
      sources: ["interactions.interaction_type", "interactions.price"],
      nullWhen: "without a purchase of a known price",
      evidence: priced,
    },
    recency_days: {
      type: "bigint",
      comment: "whole days of 24 hours from the last interaction to as_of",
      sources: ["interactions.occurred_at"],
    },
    frequency_score: {
      type: "double",
      comment: "interactions a week since the first one, of which at least one week is counted",
      sources: ["interactions.occurred_at"],
    },
    monetary_value: {
      type: "decimal(18,2)",
      comment: "sum of the known prices of what was bought; 0 without purchases",
      sources: ["interactions.interaction_type", "interactions.price"],
      nullWhen: "with purchases of which no price is known",
      evidence: priced,
    },
    diversity_score: {
      type: "double",
      comment: "different categories among the purchases per purchase, 0 to 1",
      sources: ["interactions.interaction_type", "interactions.category"],
      nullWhen: "without purchases",
      evidence: bought,
    },
  },
});

/** How products do. */
export const itemFeatures = featureTable({
  group: "item",
  version: 1,
  description: "What happened to a product up to the end of the run's days",
  key: "product_id",
  subject: { product_id: ["string", "the product"] },
  orderBy: ["product_id"],
  features: {
    popularity_score: {
      type: "double",
      comment: "views a day since the product's creation, of which at least one day is counted",
      sources: ["interactions.interaction_type", "products.created_at"],
      nullWhen: "where the catalogue does not tell the creation",
      evidence: { from: "products", where: "created_at IS NOT NULL" },
    },
    conversion_rate: {
      type: "double",
      comment: "purchases per view; above 1 where more was bought than viewed",
      sources: ["interactions.interaction_type"],
      nullWhen: "without views",
      evidence: viewed,
    },
    avg_rating: {
      type: "double",
      comment: "mean of the ratings in interactions, 1 to 5, each taken to six decimal places",
      sources: ["interactions.rating"],
      nullWhen: "without ratings",
      evidence: { from: "interactions", where: "rating IS NOT NULL" },
    },
    price_percentile: {
      type: "double",
      comment:
        "share of the other priced products for sale of its category that are cheaper, 0 to 1; 0 for the only one",
      sources: ["products.category", "products.price", "products.is_active"],
      nullWhen: "without a price or a category in the catalogue, or not for sale",
      evidence: { from: "products", where: "price IS NOT NULL AND category IS NOT NULL AND is_active" },
    },
    recency_score: {
      type: "double",
      comment: "1 / (whole days of 24 hours from the last purchase to as_of + 1); 0 when never bought",
      sources: ["interactions.interaction_type", "interactions.occurred_at"],
    },
    category_popularity: {
      type: "double",
      comment: "share of all views that were of the product's present category, 0 to 1",
      sources: ["interactions.interaction_type", "interactions.category", "products.category"],
      nullWhen: "without a category in the catalogue, and where nobody viewed anything",
      evidence: { from: "interactions", where: "interaction_type = 'view' AND category IS NOT NULL" },
    },
    trending_score: {
      type: "double",
      comment:
        "views a day in the last days before as_of per views a day before them, from the day of the first view on",
      sources: ["interactions.interaction_type", "interactions.occurred_at"],
      nullWhen: "without a view before the last days",
      evidence: { ...viewed, beforeRecent: true },
    },
  },
});

/** What was known when something happened. */
export const interactionFeatures = featureTable({
  group: "interaction",
  version: 1,
  description: "What was known of a user and a product when they met; a row per interaction",
  key: "interaction_id",
  subject: {
    occurred_at: ["timestamp", "moment of the interaction, UTC"],
    interaction_id: ["string", "the interaction"],
    user_id: ["string", "the user"],
    product_id: ["string", "the product"],
    interaction_type: ["string", "view, add_to_cart or purchase: what a model is to foretell"],
  },
  orderBy: ["occurred_at", "interaction_id"],
  features: {
    user_item_affinity: {
      type: "double",
      comment:
        "cosine, 0 to 1, of the user's earlier interactions counted by category and by brand and the item's category and brand",
      sources: ["interactions.category", "interactions.brand", "interactions.occurred_at"],
      nullWhen: "without an earlier category or brand of the user, or without one of the item",
      evidence: { from: "interactions", where: "category IS NOT NULL OR brand IS NOT NULL" },
    },
    category_match: {
      type: "boolean",
      comment: "whether the item is of the category that was the user's favourite before",
      sources: ["interactions.category", "interactions.occurred_at"],
      nullWhen: "without an earlier interaction of a known category, or without a category of the item",
      evidence: { from: "interactions", where: "category IS NOT NULL" },
    },
    price_match: {
      type: "boolean",
      comment: "whether the item's price is near the mean price of the user's earlier purchases",
      sources: ["interactions.interaction_type", "interactions.price", "interactions.occurred_at"],
      nullWhen: "without an earlier purchase of a known price, or without a price of the item",
      evidence: priced,
    },
    time_of_day: {
      type: "bigint",
      comment: "hour of the moment, 0 to 23, UTC",
      sources: ["interactions.occurred_at"],
    },
    day_of_week: {
      type: "bigint",
      comment: "1 for Monday to 7 for Sunday, UTC",
      sources: ["interactions.occurred_at"],
      comparedOver: 7,
    },
    session_position: {
      type: "bigint",
      comment: "place in the user's session, from 1",
      sources: ["interactions.session_id", "interactions.occurred_at"],
      nullWhen: "outside of a session",
      evidence: { from: "interactions", where: "session_id IS NOT NULL" },
    },
  },
});

/** Every table of features, by group. */
export const featureTables: Readonly<Record<FeatureGroup, FeatureTable>> = {
  user: userFeatures,
  item: itemFeatures,
  interaction: interactionFeatures,
};
