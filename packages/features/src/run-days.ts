import {
  type CleanSnapshot,
  type LandingPart,
  landedPrefix,
  type PlannedDay,
  type RawObject,
} from "@penstock/contracts";
import { type ObjectStore, s3Uri } from "@penstock/runtime";
import { dayDigest, partsOfDay, slicesOf } from "./landing-parts.ts";
import type { PlanPorts } from "./ports.ts";
import { rawObjects } from "./raw-objects.ts";
import { mayHaveExpired } from "./raw-retention.ts";
import { daysAfter, daysFrom } from "./run-window.ts";
import { cleanedWithOthers, lookBackOf } from "./stale-days.ts";

/** Which days a run is about. */
export interface RunSpan {
  readonly from: string;
  readonly to: string;
  /** From this day on to `to` what has changed is taken in; earlier days are read as they are current. */
  readonly late: string;
  /** The first day that is looked at. */
  readonly first: string;
}

/** What a run reads and cleans; see the fields of the plan. */
export interface RunDays {
  readonly days: readonly PlannedDay[];
  readonly clean_from: string;
  readonly clean_to: string;
  readonly slices: number;
}

interface ViewedPart extends Pick<LandingPart, "part" | "objects"> {
  readonly landed: boolean;
}

interface ViewedDay extends Omit<PlannedDay, "parts"> {
  readonly parts: readonly ViewedPart[];
}

/**
 * The days of a run. It cleans its own, and with them, without gaps,
 * - from `late` on, what has changed before them, and what stands behind other days than it was cleaned with;
 * - the days after them that are current and would stand behind other days now.
 *
 * Whatever it does not take in it reads as it is current: what a day repeats is in the clean rows, or becomes it with this run.
 * So it reads a day of which retention may have taken something; where what was landed of it is gone too, its clean rows are
 * kept.
 */
export async function runDays(
  { from, to, late, first }: RunSpan,
  {
    held,
    raw,
    looked_at,
  }: {
    /** The days that are current. */
    readonly held: CleanSnapshot["days"];
    /** Raw objects from `first` to `to`. */
    readonly raw: ReadonlyMap<string, readonly RawObject[]>;
    readonly looked_at: string;
  },
  { store, settings }: Pick<PlanPorts, "store" | "settings">,
): Promise<RunDays> {
  const { lookBackDays, landMaxBytes } = settings;
  const view = new Map<string, ViewedDay>();
  const isStale = (day: string): boolean => {
    const clean = held[day];
    if (view.get(day)?.changed === true) return true;
    return clean !== undefined && cleanedWithOthers(day, clean, toldBy(view), lookBackDays);
  };

  const near = daysFrom(first, to);
  const landed = await landedKeys(near, store, settings.features);
  for (const day of near) {
    const now = { day, objects: raw.get(day) ?? [], looked_at };
    view.set(day, viewed(now, { held, landed, settings, isTaken: day >= late }));
  }
  const clean_from = daysFrom(late, to).find((day) => day === from || isStale(day)) ?? from;

  const lastHeld = Object.keys(held).toSorted().at(-1) ?? to;
  let clean_to = to;
  for (let day = daysAfter(to, 1); day <= lastHeld && day <= daysAfter(clean_to, lookBackDays); ) {
    const { days } = await rawObjects(store, settings.interactions, [day]);
    const keys = await landedKeys([day], store, settings.features);
    const now = { day, objects: days.get(day) ?? [], looked_at };
    view.set(day, viewed(now, { held, landed: keys, settings, isTaken: false }));
    if (held[day] !== undefined && isStale(day)) clean_to = day;
    day = daysAfter(day, 1);
  }

  const read = daysFrom(lookBackOf(clean_from, lookBackDays)[0] ?? clean_from, clean_to);
  const days = read.flatMap((day) => view.get(day) ?? []);
  return { ...inSlices(days, landMaxBytes), clean_from, clean_to };
}

function toldBy(view: ReadonlyMap<string, ViewedDay>) {
  return (day: string): string | null | undefined => {
    const seen = view.get(day);
    return seen?.parts.length === 0 ? null : seen?.digest;
  };
}

/** A day as it is now if it is taken in, else as it is current; what is current of it may be landed no longer. */
function viewed(
  {
    day,
    objects,
    looked_at,
  }: { readonly day: string; readonly objects: readonly RawObject[]; readonly looked_at: string },
  {
    held,
    landed,
    settings,
    isTaken,
  }: {
    readonly held: CleanSnapshot["days"];
    readonly landed: ReadonlySet<string>;
    readonly settings: PlanPorts["settings"];
    readonly isTaken: boolean;
  },
): ViewedDay {
  const digest = dayDigest(objects, settings);
  const known = held[day];
  const hasChanged = known === undefined ? objects.length > 0 : known.digest !== digest;
  const clean_rows = known?.rows ?? 0;
  const hasExpired =
    known !== undefined &&
    mayHaveExpired(day, known, { rawDays: settings.rawDays, at: looked_at }) &&
    known.rows > 0;
  if ((!isTaken || hasExpired) && known !== undefined && hasChanged) {
    const parts = partsLanded(day, known.digest, landed);
    const { digest: digestThen, planned_at, raw_from } = known;
    const then = { day, digest: digestThen, changed: false, planned_at, raw_from, clean_rows, parts };
    if (parts.length > 0 || digestThen === dayDigest([], settings)) return { ...then, kept: false };
    if (hasExpired) return { ...then, kept: true };
  }
  const parts = partsOfDay(objects, settings.landMaxBytes).map((members, part) => ({
    part,
    objects: members,
    landed: landed.has(`${landedPrefix(day, digest)}part-${part}.json`),
  }));
  const raw_from = objects.map(({ last_modified }) => last_modified).toSorted()[0];
  return {
    day,
    digest,
    changed: hasChanged,
    planned_at: looked_at,
    raw_from,
    clean_rows,
    kept: false,
    parts,
  };
}

function partsLanded(day: string, digest: string, landed: ReadonlySet<string>): ViewedPart[] {
  const prefix = `${landedPrefix(day, digest)}part-`;
  return [...landed]
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ part: Number(key.slice(prefix.length, -".json".length)), objects: [], landed: true }))
    .toSorted((a, b) => a.part - b.part);
}

/** Puts what is not landed yet into slices. */
function inSlices(days: readonly ViewedDay[], landMaxBytes: number): Pick<RunDays, "days" | "slices"> {
  const open = days.flatMap(({ parts }) => parts.filter((part) => !part.landed));
  const slices = slicesOf(
    open.map(({ objects }) => objects),
    landMaxBytes,
  );
  const sliceOf = new Map(open.map((part, index) => [part, slices[index] ?? 0]));
  return {
    slices: Math.max(0, ...slices.map((slice) => slice + 1)),
    days: days.map(({ parts, ...day }) => ({
      ...day,
      parts: parts.map((part): LandingPart => {
        const { landed: _, ...rest } = part;
        return { ...rest, slice: sliceOf.get(part) ?? null };
      }),
    })),
  };
}

/** Keys of what tells that a part is landed, of some days or, where these are many, of all. */
async function landedKeys(
  days: readonly string[],
  store: Pick<ObjectStore, "list">,
  bucket: string,
): Promise<ReadonlySet<string>> {
  const few = days.length <= 32;
  const prefixes = few ? days.map((day) => `landed/day=${day}/`) : ["landed/"];
  const root = s3Uri(bucket, "");
  const found = new Set<string>();
  for (const prefix of prefixes)
    for await (const { uri } of store.list(s3Uri(bucket, prefix)))
      if (uri.endsWith(".json")) found.add(uri.slice(root.length));
  return found;
}
