import { type CatalogueTable, CleanSnapshot, FeaturePlan, featurePlanKey } from "@penstock/contracts";
import { CleanRowsExpired, InvalidInput, type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { knownDigests } from "./catalogue-digests.ts";
import { catalogueSnapshots } from "./catalogue-snapshots.ts";
import { agedDays } from "./clean-retention.ts";
import { pointedManifest } from "./feature-pointers.ts";
import type { PlanPorts } from "./ports.ts";
import { type RawDays, rawObjects } from "./raw-objects.ts";
import { mayHaveExpired } from "./raw-retention.ts";
import { runDays } from "./run-days.ts";
import { daysAfter, daysFrom, type RunWindow, runWindow } from "./run-window.ts";
import type { PlanFeaturesInput } from "./task-inputs.ts";
import { UNDELIVERABLE } from "./undeliverable.ts";

const Day = v.object({ to: v.string(), planned_at: v.optional(v.string()) });
/** What a plan reads of the manifest of what is current. */
const Known = v.object({
  snapshot: CleanSnapshot,
  recent: v.object({ daily: v.nullable(Day), weekly: v.nullable(Day) }),
});
type Known = v.InferOutput<typeof Known>;

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
 * @throws InvalidInput for a window or a place that cannot be; CleanRowsExpired where features would leave out days
 *   that can be cleaned again
 */
export async function planFeatures(input: PlanFeaturesInput, ports: PlanPorts): Promise<PlannedFeatures> {
  const { store, settings } = ports;
  // Before anything is listed: what comes from here on may be in none of the lists.
  const looked_at = ports.now().toISOString();
  const window = runWindow(input);
  const output_path = exportPlace(input.output_path, settings.features);
  const current = await ports.current();
  const known =
    current === undefined ? undefined : v.parse(Known, await store.getJson(pointedManifest(current)));
  const raw = await rawObjects(store, settings.interactions, listedDays(window, known, settings));
  const held = known?.snapshot.days ?? {};
  const from =
    window.from ??
    firstOf([...raw.days.keys(), ...deleted(held, raw, looked_at, settings)], window.to, settings.maxDays);
  const late = firstTaken({ ...window, from }, known, settings);
  const first = firstListed({ ...window, from }, known, settings);
  const { days, clean_from, clean_to, slices } = await runDays(
    { from, to: window.to, late, first },
    { held, raw: raw.days, looked_at },
    ports,
  );
  const own = days.filter(({ day, kept }) => day >= clean_from && !kept).map(({ day }) => day);
  const aged = await agedDays(held, new Set(own), { store, settings, at: looked_at });
  if (input.validate_only !== true) mustBeThere(aged.lost, clean_to);
  const catalogue = async (table: CatalogueTable) =>
    catalogueSnapshots(store, {
      bucket: settings.interactions,
      table,
      from: clean_from,
      to: clean_to,
      digests: await knownDigests(table, ports),
    });
  const { run_id, attempt, mode, to } = window;
  const as_of = `${daysAfter(to, 1)}T00:00:00Z`;
  const validate_only = input.validate_only ?? false;
  const plan: FeaturePlan = v.parse(FeaturePlan, {
    run_id,
    attempt,
    mode,
    from,
    to,
    as_of,
    clean_from,
    clean_to,
    validate_only,
    output_path,
    execution_id: input.execution_id,
    started_at: input.started_at,
    looked_at,
    scheduled_at: window.moment.toISOString(),
    days,
    slices,
    newest_arrival: newestOf(raw),
    ignored: raw.ignored,
    outside: outsideOf(raw, first, window.to),
    undeliverable: await asideSince(lastLook(known), settings.interactions, store),
    expiring: aged.expiring,
    expired: aged.expired,
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
function listedDays(
  { from, to, mode }: RunWindow,
  known: Known | undefined,
  settings: PlanPorts["settings"],
): string[] | undefined {
  if (from === null) return undefined;
  return daysFrom(firstListed({ from, to, mode }, known, settings), daysAfter(to, 1));
}

/**
 * The first day that the run takes in if it has changed. A range is what was asked for, and everything begins with itself. A
 * daily run looks back for what came late, and takes every day since the last one that a daily or weekly run was accepted
 * of: those between may have failed, and no later run would land their days.
 */
function firstTaken(
  { from, mode }: { readonly from: string; readonly mode: FeaturePlan["mode"] },
  known: Known | undefined,
  { lookBackDays }: PlanPorts["settings"],
): string {
  if (mode !== "daily") return from;
  const lookBack = daysAfter(from, -lookBackDays);
  const next = lastAccepted(from, known);
  return next !== undefined && daysAfter(next, 1) < lookBack ? daysAfter(next, 1) : lookBack;
}

/** The last day before another up to which all are accepted; where only ranges were, the last that is current. */
function lastAccepted(before: string, known: Known | undefined): string | undefined {
  if (known === undefined) return undefined;
  const { daily, weekly } = known.recent;
  const ends = [daily, weekly].flatMap((run) => (run === null ? [] : [run.to]));
  const days = ends.length > 0 ? ends : Object.keys(known.snapshot.days).filter((day) => day < before);
  return days.toSorted().at(-1);
}

/**
 * The first day that is looked at: what is cleaned needs the days before it, whose repeated deliveries it leaves out. Nothing
 * is before everything.
 * @throws InvalidInput for more days than one run takes
 */
function firstListed(
  { from, to, mode }: { readonly from: string; readonly to: string; readonly mode: FeaturePlan["mode"] },
  known: Known | undefined,
  settings: PlanPorts["settings"],
): string {
  if (mode === "weekly") return from;
  const first = daysAfter(firstTaken({ from, mode }, known, settings), -settings.lookBackDays);
  const days = daysFrom(first, to).length;
  if (days <= settings.maxDays) return first;
  throw new InvalidInput(
    `${first} to ${to} are ${days} days with the look-back; one run takes at most ${settings.maxDays}. Run everything at once, or ranges`,
  );
}

/** The first of some days, or as far back as a run goes; the last one when there are none. */
function firstOf(days: readonly string[], to: string, maxDays: number): string {
  const earliest = daysAfter(to, 1 - maxDays);
  const found = days.toSorted().find((day) => day >= earliest && day <= to);
  return found ?? to;
}

/** Current days of which somebody has deleted all raw objects: a run of everything takes their clean rows away. */
function deleted(
  held: CleanSnapshot["days"],
  { days }: RawDays,
  at: string,
  { rawDays }: PlanPorts["settings"],
): string[] {
  return Object.entries(held)
    .filter(
      ([day, clean]) => clean.rows > 0 && !days.has(day) && !mayHaveExpired(day, clean, { rawDays, at }),
    )
    .map(([day]) => day);
}

/** @throws CleanRowsExpired */
function mustBeThere(lost: readonly string[], to: string): void {
  const [first, ...more] = lost.filter((day) => day <= to);
  if (first === undefined) return;
  const last = more.at(-1) ?? first;
  throw new CleanRowsExpired(
    `The clean rows of ${more.length + 1} days from ${first} to ${last} have expired, and features would leave them out. Their raw objects are there: start a weekly run, or npx penstock backfill --from ${first} --to ${last}`,
  );
}

/** When the last daily or weekly run that was accepted looked at what there was; what came before that was told by it. */
function lastLook(known: Known | undefined): string | undefined {
  const { daily = null, weekly = null } = known?.recent ?? {};
  return [daily, weekly]
    .flatMap((run) => run?.planned_at ?? [])
    .toSorted()
    .at(-1);
}

/** What Firehose put aside since some moment. */
async function asideSince(
  since: string | undefined,
  bucket: string,
  store: Pick<ObjectStore, "list">,
): Promise<FeaturePlan["undeliverable"]> {
  const found = { objects: 0, bytes: 0 };
  for await (const { bytes, lastModified } of store.list(s3Uri(bucket, UNDELIVERABLE))) {
    if (bytes === 0 || (since !== undefined && lastModified < new Date(since))) continue;
    found.objects += 1;
    found.bytes += bytes;
  }
  return found;
}

/** Raw days before the first of a run and after its own day, on which it may be that events of `to` still arrive. */
function outsideOf({ days }: RawDays, first: string, to: string): FeaturePlan["outside"] {
  return [...days]
    .filter(([day]) => day < first || day > daysAfter(to, 1))
    .map(([day, objects]) => ({ day, objects: objects.length }))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1));
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
