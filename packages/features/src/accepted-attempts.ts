import { type Acceptance, type CurrentFeatures, FeaturesManifest } from "@penstock/contracts";
import type { ObjectStore } from "@penstock/runtime";
import * as v from "valibot";
import { pointedManifest } from "./feature-pointers.ts";

/** One link of the pointer's lineage. */
export interface Accepted {
  readonly at: Acceptance;
  readonly manifest: FeaturesManifest;
}

/** What is current, as a link of the lineage; null before the first. */
export async function currentManifest(
  current: CurrentFeatures | undefined,
  store: Pick<ObjectStore, "getJson">,
): Promise<Accepted | null> {
  if (current === undefined) return null;
  const { build: attempt, manifest, generation } = current;
  return manifestAt({ attempt, manifest, generation }, store);
}

/** The manifest of an acceptance. @throws ObjectMissing when it has expired */
export async function manifestAt(at: Acceptance, store: Pick<ObjectStore, "getJson">): Promise<Accepted> {
  return { at, manifest: v.parse(FeaturesManifest, await store.getJson(pointedManifest(at))) };
}

/**
 * What was accepted after a generation of the pointer, the newest first: what is current, what that took the place of, and
 * so on. This is what proves an acceptance. A manifest that nothing leads to is of somebody who wrote it and then lost.
 */
export async function acceptedSince(
  generation: number,
  current: Accepted | null,
  store: Pick<ObjectStore, "getJson">,
): Promise<Accepted[]> {
  const found: Accepted[] = [];
  for (let one = current; one !== null && one.at.generation > generation; ) {
    found.push(one);
    const { before } = one.manifest;
    one = before === null || before.generation <= generation ? null : await manifestAt(before, store);
  }
  return found;
}
