import { CleanSnapshot, featureGroups } from "@penstock/contracts";
import { InvalidInput, inParallel } from "@penstock/runtime";
import * as v from "valibot";
import { agedDays } from "./clean-retention.ts";
import { pointedManifest } from "./feature-pointers.ts";
import { isKnownEmpty } from "./known-empty.ts";
import { dayDigest, linesBytes } from "./landing-parts.ts";
import type { PlanPorts } from "./ports.ts";
import { scansOf } from "./query-scans.ts";
import { queryTexts } from "./query-texts.ts";
import { rawObjects } from "./raw-objects.ts";
import { mayHaveExpired } from "./raw-retention.ts";
import { daysAfter, daysFrom } from "./run-window.ts";
import { cleanedWithOthers } from "./stale-days.ts";

const isoDate = v.pipe(v.string(), v.isoDate());
/** What an estimate reads of the manifest of what is current. */
const Known = v.object({ snapshot: CleanSnapshot });
const positive = v.pipe(v.number(), v.gtValue(0));

/** What the estimate is given: the first and the last day, both included. */
export const EstimateBackfillInput = v.strictObject({ from: isoDate, to: isoDate });
export type EstimateBackfillInput = v.InferOutput<typeof EstimateBackfillInput>;

/** What the deployment links to the estimate as `Backfill`. */
export const BackfillSettings = v.object({
  /** Days of one range execution. */
  sliceDays: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Data processing units of one Glue job run. */
  glueDpus: positive,
  prices: v.object({
    stateTransition: positive,
    glueDpuHour: positive,
    athenaTerabyte: positive,
    dynamoWrite: positive,
  }),
});
export type BackfillSettings = v.InferOutput<typeof BackfillSettings>;

/** What something takes of what AWS bills, and US dollars for it. Lambda and S3 are a small part of these, and not in it. */
export interface BackfillCost {
  readonly transitions: number;
  readonly glueDpuHours: number;
  /** At most: a scan that needs few columns reads less, and Athena may compute once what WITH names. */
  readonly athenaBytes: number;
  /** At most: every interaction has another user and another product, and the online store has nothing later. */
  readonly dynamoWrites: number;
  readonly dollars: number;
}

/** One range execution of a backfill. */
export interface BackfillSlice extends BackfillCost {
  readonly from: string;
  readonly to: string;
  readonly rawBytes: number;
  /**
   * Days that are not current as their raw objects are now, stand behind other days than they were cleaned with, or whose clean
   * rows are about to expire.
   * None where it is known that no day has a line: a run of these ends as EMPTY and changes nothing, however often it is made.
   */
  readonly stale: readonly string[];
  /** Nothing of it is stale: it need not run. */
  readonly current: boolean;
}

/** The range executions of a backfill in the order of their days, and what those that run cost together. */
export interface BackfillEstimate extends BackfillCost {
  readonly slices: readonly BackfillSlice[];
}

/** States of a run, and of the validation before it, without those of their Maps. */
const STATES = 32 + 14;
// What follows is assumed, not measured on AWS: only the benches' clickstream is of this kind.
/** Clean Parquet as a share of the JSON lines, and JSON lines of an interaction, in bytes. */
const CLEAN_SHARE = 0.2;
const LINE_BYTES = 260;
/** The least that Athena bills for a query, and Glue for a run in seconds. */
const ATHENA_LEAST = 10 * 1024 ** 2;
const GLUE_LEAST_SECONDS = 60;
/** Bytes of JSON lines that one unit of Glue cleans in a second, its start not counted. */
const GLUE_BYTES_A_SECOND = 10_000_000;
/** How often each query reads the clean interactions. What else it reads is small beside them. */
const SCANS = featureGroups.map((group) => scansOf("interactions", queryTexts[`${group}-features`]));

/**
 * Divides a range into executions, tells which of them have nothing to do, and what the others cost about: the bytes of their
 * lines decide, those of gzip as landing reckons them. Interactions' features read the whole history of their users, so
 * that later slices read more.
 * @throws InvalidInput for a range that ends before it begins, or has more days than one run may have
 */
export async function estimateBackfill(
  { from, to }: EstimateBackfillInput,
  ports: Pick<PlanPorts, "store" | "settings" | "current" | "now">,
  own: BackfillSettings,
): Promise<BackfillEstimate> {
  const { store, settings } = ports;
  if (from > to) throw new InvalidInput(`from ${from} is after to ${to}`);
  const days = daysFrom(from, to);
  if (days.length > settings.maxDays)
    throw new InvalidInput(`${days.length} days; a backfill takes at most ${settings.maxDays} at once`);
  const raw = await rawObjects(store, settings.interactions);
  const current = await ports.current();
  const base =
    current === undefined ? undefined : v.parse(Known, await store.getJson(pointedManifest(current)));
  const held = base?.snapshot.days ?? {};
  const nothing = dayDigest([], settings);
  const told = (day: string) => (held[day]?.digest === nothing ? null : held[day]?.digest);
  const retention = { rawDays: settings.rawDays, at: ports.now().toISOString() };
  const aged = await agedDays(held, new Set(), { store, settings, at: retention.at });
  const ending = new Set([...aged.lost, ...aged.expiring.map(({ day }) => day)]);
  const stale = new Set(
    days.filter((day) => {
      const objects = raw.days.get(day) ?? [];
      const clean = held[day];
      if (clean === undefined) return objects.length > 0;
      if (ending.has(day)) return true;
      if (clean.digest !== dayDigest(objects, settings) && !mayHaveExpired(day, clean, retention))
        return true;
      return cleanedWithOthers(day, clean, told, settings.lookBackDays);
    }),
  );
  /** Whether a run of some days has no line to go on with: neither they nor days that it would clean behind them have any. */
  const endsEmpty = async (within: readonly string[]): Promise<boolean> => {
    const now = new Map(within.map((day) => [day, raw.days.get(day) ?? []]));
    const nowTold = (day: string) => {
      const objects = now.get(day);
      return objects?.length === 0 ? null : objects && dayDigest(objects, settings);
    };
    const last = within.at(-1) ?? to;
    const behind = daysFrom(daysAfter(last, 1), daysAfter(last, settings.lookBackDays));
    if (behind.some((day) => held[day] && cleanedWithOthers(day, held[day], nowTold, settings.lookBackDays)))
      return false;
    // Days that had rows and have no line any more lose them by it.
    if (within.some((day) => stale.has(day) && (held[day]?.rows ?? 0) > 0)) return false;
    const known = await inParallel([...now], ([day, objects]) => isKnownEmpty(day, objects, ports));
    return known.every((empty) => empty);
  };
  const objectsOf = (wanted: (day: string) => boolean) =>
    [...raw.days].flatMap(([day, objects]) => (wanted(day) ? objects : []));
  const slices: BackfillSlice[] = [];
  for (let first = from; first <= to; first = daysAfter(first, own.sliceDays)) {
    const end = daysAfter(first, own.sliceDays - 1);
    const last = end < to ? end : to;
    const objects = objectsOf((day) => day >= first && day <= last);
    const rawBytes = sum(objects, ({ bytes }) => bytes);
    const within = days.filter((day) => day >= first && day <= last);
    const open = within.filter((day) => stale.has(day));
    const changed = open.length > 0 && (await endsEmpty(within)) ? [] : open;
    const history = sum(
      objectsOf((day) => day <= last),
      linesBytes,
    );
    const cost = costOf({ lineBytes: sum(objects, linesBytes), history }, settings, own);
    slices.push({ from: first, to: last, rawBytes, stale: changed, current: changed.length === 0, ...cost });
  }
  return { slices, ...sumOf(slices.filter((slice) => !slice.current)) };
}

function costOf(
  { lineBytes, history }: { lineBytes: number; history: number },
  { landMaxBytes, online }: PlanPorts["settings"],
  { glueDpus, prices }: BackfillSettings,
): BackfillCost {
  const dynamoWrites = 2 * Math.ceil(lineBytes / LINE_BYTES);
  const maps = Math.ceil(lineBytes / landMaxBytes) + Math.ceil(dynamoWrites / online.sliceRows);
  const seconds = GLUE_LEAST_SECONDS + lineBytes / (GLUE_BYTES_A_SECOND * glueDpus);
  return priced(
    {
      transitions: STATES + maps,
      glueDpuHours: (seconds * glueDpus) / 3600,
      athenaBytes: sum(SCANS, (scans) => Math.max(ATHENA_LEAST, scans * Math.ceil(history * CLEAN_SHARE))),
      dynamoWrites,
    },
    prices,
  );
}

function priced(
  used: Omit<BackfillCost, "dollars">,
  { stateTransition, glueDpuHour, athenaTerabyte, dynamoWrite }: BackfillSettings["prices"],
): BackfillCost {
  const dollars =
    used.transitions * stateTransition +
    used.glueDpuHours * glueDpuHour +
    (used.athenaBytes / 1024 ** 4) * athenaTerabyte +
    used.dynamoWrites * dynamoWrite;
  return { ...used, dollars };
}

function sumOf(costs: readonly BackfillCost[]): BackfillCost {
  return {
    transitions: sum(costs, ({ transitions }) => transitions),
    glueDpuHours: sum(costs, ({ glueDpuHours }) => glueDpuHours),
    athenaBytes: sum(costs, ({ athenaBytes }) => athenaBytes),
    dynamoWrites: sum(costs, ({ dynamoWrites }) => dynamoWrites),
    dollars: sum(costs, ({ dollars }) => dollars),
  };
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
