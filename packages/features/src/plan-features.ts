import {
  type CatalogueTable,
  CleanSnapshot,
  FeaturePlan,
  featurePlanKey,
  type LandingPart,
  landedPrefix,
  type PlannedDay,
} from "@penstock/contracts";
import { InvalidInput, type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { knownDigests } from "./catalogue-digests.ts";
import { catalogueSnapshots } from "./catalogue-snapshots.ts";
import { pointedManifest } from "./feature-pointers.ts";
import { dayDigest, partsOfDay, slicesOf } from "./landing-parts.ts";
import type { PlanPorts } from "./ports.ts";
import { type RawDays, rawObjects } from "./raw-objects.ts";
import { daysAfter, daysFrom, type RunWindow, runWindow } from "./run-window.ts";
import type { PlanFeaturesInput } from "./task-inputs.ts";

/** What a plan reads of the manifest of what is current. */
const Known = v.object({ snapshot: CleanSnapshot });

/** What the state machine knows of a plan; the object at `plan` has the rest. */
export interface PlannedFeatures {
  readonly run_id: string;
  readonly attempt: string;
  readonly mode: FeaturePlan["mode"];
  readonly from: string;
  readonly to: string;
  readonly as_of: string;
  readonly validate_only: boolean;
  readonly plan: S3Uri;
  /** Numbers of the slices that are to be landed; none when every raw object has been. */
  readonly slices: readonly number[];
}

/**
 * Decides which days a run takes, what of them is not landed yet, and which catalogues hold on them; writes it down once
 * for all tasks after it. Made again for the same attempt, the plan is of the raw objects as they are then.
 * @throws InvalidInput for a window or a place that cannot be
 */
export async function planFeatures(input: PlanFeaturesInput, ports: PlanPorts): Promise<PlannedFeatures> {
  const { store, settings } = ports;
  const window = runWindow(input);
  const output_path = exportPlace(input.output_path, settings.features);
  const raw = await rawObjects(store, settings.interactions, listedDays(window, settings));
  const from = window.from ?? firstOf(raw, window.to, settings.maxDays);
  // Nothing is before everything; else the days before the window tell of what came late and of repeated deliveries.
  const late = window.from === null ? from : daysAfter(from, -settings.lookBackDays);
  const first = window.from === null ? from : firstListed(from, window.mode, settings);
  const all = daysFrom(first, window.to);
  if (all.length > settings.maxDays)
    throw new InvalidInput(
      `${first} to ${window.to} are ${all.length} days with the look-back; one run takes at most ${settings.maxDays}`,
    );
  const current = await ports.current();
  const base =
    current === undefined ? undefined : v.parse(Known, await store.getJson(pointedManifest(current)));
  const days = await plannedDays(all, raw, base, ports);
  const changed = days.find(({ day, changed: isOther }) => isOther && day >= late)?.day ?? from;
  const catalogue = async (table: CatalogueTable) =>
    catalogueSnapshots(store, {
      bucket: settings.interactions,
      table,
      from: first,
      to: window.to,
      digests: await knownDigests(table, ports),
    });
  const { run_id, attempt, mode, to } = window;
  const as_of = `${daysAfter(to, 1)}T00:00:00Z`;
  const validate_only = input.validate_only ?? false;
  const slices = Math.max(0, ...days.flatMap(({ parts }) => parts.map(({ slice }) => (slice ?? -1) + 1)));
  const plan: FeaturePlan = v.parse(FeaturePlan, {
    run_id,
    attempt,
    mode,
    from,
    to,
    as_of,
    // A range is what was asked for; what came late before it is the daily run's, or the weekly one's.
    clean_from: mode === "daily" && changed < from ? changed : from,
    validate_only,
    output_path,
    execution_id: input.execution_id,
    started_at: input.started_at,
    scheduled_at: window.moment.toISOString(),
    days,
    slices,
    newest_arrival: newestOf(raw),
    ignored: raw.ignored,
    outside: outsideOf(raw, first, window.to),
    catalogue: { products: await catalogue("products"), users: await catalogue("users") },
    base:
      current === undefined
        ? null
        : { attempt: current.build, manifest: current.manifest, generation: current.generation },
  });
  const uri = s3Uri(settings.features, featurePlanKey(attempt));
  await store.putJson(uri, plan);
  const numbers = Array.from({ length: slices }, (_, slice) => slice);
  return { run_id, attempt, mode, from, to, as_of, validate_only, plan: uri, slices: numbers };
}

/** The days whose raw objects are listed, with the run's own for what arrives now; undefined: all that there are. */
function listedDays({ from, to, mode }: RunWindow, settings: PlanPorts["settings"]): string[] | undefined {
  if (from === null) return undefined;
  return daysFrom(firstListed(from, mode, settings), daysAfter(to, 1));
}

/**
 * The first day whose rows cleaning has to see. A daily run may clean from the first day of its look-back on, whose own
 * repeated deliveries are told by the look-back before that.
 */
function firstListed(
  from: string,
  mode: FeaturePlan["mode"],
  { lookBackDays }: PlanPorts["settings"],
): string {
  return daysAfter(from, mode === "daily" ? -2 * lookBackDays : -lookBackDays);
}

/** The first day that has raw objects, or as far back as a run goes; the last one when there are none. */
function firstOf(raw: RawDays, to: string, maxDays: number): string {
  const earliest = daysAfter(to, 1 - maxDays);
  const found = [...raw.days.keys()].toSorted().find((day) => day >= earliest && day <= to);
  return found ?? to;
}

/** Raw days before the first of a run and after its own day, on which it may be that events of `to` still arrive. */
function outsideOf({ days }: RawDays, first: string, to: string): FeaturePlan["outside"] {
  return [...days]
    .filter(([day]) => day < first || day > daysAfter(to, 1))
    .map(([day, objects]) => ({ day, objects: objects.length }))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

/** What is to be done about each day: of which parts it is, which of these are landed, whether it has changed. */
async function plannedDays(
  days: readonly string[],
  raw: RawDays,
  base: v.InferOutput<typeof Known> | undefined,
  { store, settings }: PlanPorts,
): Promise<PlannedDay[]> {
  const landed = await landedParts(days, store, settings.features);
  const planned = days.map((day) => {
    const objects = raw.days.get(day) ?? [];
    const digest = dayDigest(objects, settings);
    const known = base?.snapshot.days[day];
    const changed = known === undefined ? objects.length > 0 : known.digest !== digest;
    const parts = partsOfDay(objects, settings.landMaxBytes).map((members, part) => ({
      part,
      objects: members,
      landed: landed.has(`${landedPrefix(day, digest)}part-${part}.json`),
    }));
    return { day, digest, changed, parts };
  });
  const open = planned.flatMap(({ parts }) => parts.filter((part) => !part.landed));
  const slices = slicesOf(
    open.map(({ objects }) => objects),
    settings.landMaxBytes,
  );
  const sliceOf = new Map(open.map((part, index) => [part, slices[index] ?? 0]));
  return planned.map(({ parts, ...day }) => ({
    ...day,
    parts: parts.map((part): LandingPart => {
      const { landed: _, ...rest } = part;
      return { ...rest, slice: sliceOf.get(part) ?? null };
    }),
  }));
}

/** Keys of what tells that a part is landed, of some days or, where these are many, of all. */
async function landedParts(
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

function newestOf({ days }: RawDays): string | null {
  const moments = [...days.values()].flat().map(({ last_modified }) => last_modified);
  return moments.toSorted().at(-1) ?? null;
}

/** @throws InvalidInput for a place outside the exports */
function exportPlace(place: S3Uri | null, bucket: string): S3Uri | null {
  const exports = s3Uri(bucket, "exports/");
  if (place === null || (place.startsWith(exports) && place.length > exports.length)) return place;
  throw new InvalidInput(`output_path ${place} is outside ${exports}`);
}
