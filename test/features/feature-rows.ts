import type { JsonRow } from "../lake/lake-fixture.ts";

/** Features of a user without anything special; `more` replaces what a test is about. */
export function user(user_id: string, more: JsonRow = {}): JsonRow {
  return {
    user_id,
    total_interactions: 12,
    total_purchases: 2,
    avg_session_duration: 61.25,
    favorite_category: "books",
    avg_price_point: 19.99,
    recency_days: 3,
    frequency_score: 1.1,
    monetary_value: "39.98",
    diversity_score: 0.5,
    ...more,
  };
}

/** Features of a product. */
export function item(product_id: string, more: JsonRow = {}): JsonRow {
  return {
    product_id,
    popularity_score: 0.75,
    conversion_rate: 0.125,
    avg_rating: 4.5,
    price_percentile: 0.2,
    recency_score: 0.5,
    category_popularity: 0.1,
    trending_score: 1.5,
    ...more,
  };
}

/** Features of an interaction; the id's number makes its moment. */
export function interaction(number: number, more: JsonRow = {}): JsonRow {
  const minute = String(number % 60).padStart(2, "0");
  const hour = String(Math.floor(number / 60) % 24).padStart(2, "0");
  return {
    occurred_at: `2026-11-20 ${hour}:${minute}:00`,
    interaction_id: `i-${String(number).padStart(6, "0")}`,
    user_id: `u-${number % 7}`,
    product_id: `p-${number % 5}`,
    interaction_type: "view",
    user_item_affinity: (number % 10) / 10,
    category_match: number % 2 === 0,
    price_match: number % 3 === 0,
    time_of_day: Math.floor(number / 60) % 24,
    day_of_week: 5,
    session_position: 1 + (number % 4),
    ...more,
  };
}

/** As many as that, each of its number. */
export function many<Made>(count: number, make: (number: number) => Made): Made[] {
  return Array.from({ length: count }, (_, number) => make(number));
}
