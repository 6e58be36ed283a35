import type { OnlineItem } from "@penstock/contracts";

/** The groups of features that are looked up by their key. */
export const onlineGroups = ["user", "item"] as const;
export type OnlineGroup = (typeof onlineGroups)[number];

/** Which features the online store has of a key. */
export type OnlineHead = Pick<OnlineItem, "id" | "as_of" | "planned_at" | "run">;

/** The online store: of each group a table with one item a key. Behind it is DynamoDB. */
export interface OnlineStore {
  /**
   * The heads of those keys that are there, as they are now.
   * @throws Throttled when the table still takes no more after the waits of the adapter
   */
  heads(group: OnlineGroup, ids: readonly string[]): Promise<ReadonlyMap<string, OnlineHead>>;
  /** The whole items of those keys that are there. @throws Throttled */
  items(group: OnlineGroup, ids: readonly string[]): Promise<ReadonlyMap<string, OnlineItem>>;
  /** Writes items, whatever is there. @throws Throttled */
  put(group: OnlineGroup, items: readonly OnlineItem[]): Promise<void>;
  /** Removes the items of keys; one that is not there is no error. @throws Throttled */
  remove(group: OnlineGroup, ids: readonly string[]): Promise<void>;
}
