/** An interaction as a shop sends it: one line of JSON. The contract `interactions` says what each field may hold. */
export interface Interaction {
  readonly interaction_id: string;
  readonly user_id: string;
  readonly product_id: string;
  readonly interaction_type: "view" | "add_to_cart" | "purchase";
  /** ISO 8601, UTC, with milliseconds. */
  readonly timestamp: string;
  readonly session_id: string;
  /** 1 to 5; only purchases are rated, and few of them. */
  readonly rating: number | null;
  readonly device_type: "mobile" | "desktop" | "tablet";
  readonly page_context: string;
}
