import type { OnlineFeatures, OnlineFeaturesBatch, OnlineItem } from "@penstock/contracts";

/** Whose features there are online. */
export type OnlineGroup = "user" | "item";

/** Reads the features of users or products, each asked for once. */
export type ReadFeatures = (group: OnlineGroup, ids: readonly string[]) => Promise<OnlineFeaturesBatch>;

export interface OnlineTables {
  /** The items of those keys that are there, in any order. */
  items(group: OnlineGroup, ids: readonly string[]): Promise<readonly OnlineItem[]>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * The features of keys as they are online now. DynamoDB removes an item up to some days after its time: until then it is
 * as if it were not there.
 */
export function featureReader(tables: OnlineTables): ReadFeatures {
  return async (group, ids) => {
    const asked = [...new Set(ids)];
    const seconds = tables.now() / 1000;
    const items = await tables.items(group, asked);
    const fresh = new Map(items.filter((item) => item.expires_at > seconds).map((item) => [item.id, item]));
    return {
      found: asked.flatMap((id) => {
        const item = fresh.get(id);
        return item === undefined ? [] : [shown(item)];
      }),
      missing: asked.filter((id) => !fresh.has(id)),
    };
  };
}

function shown({ id, version, as_of, run, features }: OnlineItem): OnlineFeatures {
  return { id, version, as_of, run, features };
}
