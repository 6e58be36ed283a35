import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OnlineFeatures } from "@penstock/contracts";
import { inParallel, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import type { Cloud } from "../../cloud/index.ts";
import type { Shop } from "../../interactions/clickstream.ts";
import { type ClickObject, type PlantedClicks, sampleClicks } from "../../interactions/sample-clicks.ts";
import { apiCaller } from "../call-api.ts";
import type { Run } from "../run.ts";
import { type FeatureFacts, readFeatureFacts } from "./feature-facts.ts";
import { type FeatureRun, runFeatures } from "./feature-run.ts";
import { type SentClicks, sendClicks } from "./send-clicks.ts";

/** Lines of the sample's clickstream, those that are planted not counted. */
const INTERACTIONS = 20_000;
const DAY = 86_400_000;

/** What the feature pipeline made of the sample's clicks. */
export interface SampleFeatures {
  /** Lines that were uploaded, all objects together, and sent. */
  readonly lines: number;
  readonly sent: SentClicks;
  readonly planted: PlantedClicks;
  /** The last day, and the one before, which has something late: `YYYY-MM-DD`. */
  readonly day: string;
  readonly dayBefore: string;
  readonly weekly: FeatureRun;
  readonly daily: FeatureRun;
  /** One user's features as the API gives them. */
  readonly online: OnlineFeatures | undefined;
  readonly facts: FeatureFacts;
}

/**
 * Lets the sample's people look at its products: some days and a weekly run over them, then the last day with what came late
 * of the one before, some of it over the API, and the daily run of the morning after.
 */
export async function sampleFeatures(
  run: Run,
  { seed, shop }: { readonly seed: number; readonly shop: Shop },
): Promise<SampleFeatures> {
  const until = Math.floor(Date.now() / DAY) * DAY;
  const clicks = sampleClicks({ seed, shop, interactions: INTERACTIONS, until });
  await put(run, clicks.history);
  const weekly = await runFeatures(run, { mode: "weekly", scheduled_at: `${clicks.day}T07:00:00Z` });
  await put(run, clicks.lastDay);
  const sent = await sendClicks(run, clicks.sent);
  const scheduled_at = `${new Date(until).toISOString().slice(0, 10)}T05:00:00Z`;
  const daily = await runFeatures(run, { mode: "daily", scheduled_at });
  const user = userOf(clicks.lastDay);
  return {
    lines: clicks.lines,
    sent,
    planted: clicks.planted,
    day: clicks.day,
    dayBefore: clicks.historyEnds,
    weekly,
    daily,
    facts: await readFeatureFacts(run, [daily], weekly),
    online: user === undefined ? undefined : await readUser(run.cloud, user, run.signal),
  };
}

async function put({ store, features, workDirectory }: Run, objects: readonly ClickObject[]): Promise<void> {
  const folder = await mkdtemp(join(workDirectory, "clicks-"));
  await inParallel(objects, async ({ key, lines }, index) => {
    const file = join(folder, `${index}.jsonl`);
    await writeFile(file, lines.map((line) => `${line}\n`).join(""));
    await store.upload(file, s3Uri(features.interactions, key));
  });
}

/** Somebody who did something on the last day. */
function userOf([last]: readonly ClickObject[]): string | undefined {
  const parsed = v.safeParse(v.object({ user_id: v.string() }), JSON.parse(last?.lines[0] ?? "null"));
  return parsed.success ? parsed.output.user_id : undefined;
}

async function readUser(
  cloud: Pick<Cloud, "httpApis">,
  user: string,
  signal: AbortSignal,
): Promise<OnlineFeatures | undefined> {
  const call = await apiCaller(cloud, "penstock/features", signal);
  const response = await call(`/api/features/user/${encodeURIComponent(user)}`);
  const parsed = v.safeParse(OnlineFeatures, await response.json());
  return parsed.success ? parsed.output : undefined;
}
