import type { OnlineItem } from "../../packages/contracts/src/index.ts";

/** An interaction with all that it must have. */
export const interaction = {
  interaction_id: "int_1",
  user_id: "user_789",
  product_id: "prod_456",
  interaction_type: "view",
  timestamp: "2026-01-15T14:30:00Z",
  session_id: "sess_abc",
};

/** Features of a user or product in the online store, which are kept until 2100. */
export const onlineItem = (id: string, more: Partial<OnlineItem> = {}): OnlineItem => ({
  id,
  version: 1,
  as_of: "2026-01-31T00:00:00Z",
  planned_at: "2026-01-31T05:00:00Z",
  run: "daily-2026-01-30-0123abcd",
  expires_at: Date.UTC(2100, 0, 1) / 1000,
  features: { total_interactions: 3, favorite_category: "toys" },
  ...more,
});
