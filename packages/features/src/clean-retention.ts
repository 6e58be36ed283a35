import { type CleanSnapshot, cleanPrefix, type FeaturePlan } from "@penstock/contracts";
import { inParallel, type ObjectStore, s3Uri } from "@penstock/runtime";
import { rawObjects } from "./raw-objects.ts";
import { mayHaveExpired } from "./raw-retention.ts";
import { dayOf } from "./run-window.ts";
import type { FeaturesSettings } from "./settings.ts";

const DAY_MS = 86_400_000;
/** So long before they expire it is told: four weekly runs could renew them by then. */
const NOTICE_DAYS = 30;

/** Clean days that are current and whose rows are at the end of their time, or beyond it. */
export interface AgedDays extends Pick<FeaturePlan, "expiring" | "expired"> {
  /** Days whose rows have expired though their raw objects are there: they can be cleaned again. */
  readonly lost: readonly string[];
}

/**
 * Which of the current clean days have expired, or are about to. Rows expire `featureDays` after they were written; a weekly
 * run writes those of all days that have raw objects, a range or a backfill its own. Where raw objects are gone as well nobody
 * can write them any more. What has a day left counts as gone, so that it does not go while a query reads it.
 *
 * @param own days that the run cleans itself
 */
export async function agedDays(
  held: CleanSnapshot["days"],
  own: ReadonlySet<string>,
  {
    store,
    settings,
    at,
  }: {
    readonly store: Pick<ObjectStore, "list">;
    readonly settings: Pick<FeaturesSettings, "features" | "interactions" | "featureDays" | "rawDays">;
    readonly at: string;
  },
): Promise<AgedDays> {
  const endOf = (written: string | Date) => new Date(written).getTime() + settings.featureDays * DAY_MS;
  const soon = Date.parse(at) + NOTICE_DAYS * DAY_MS;
  // Rows are written after the raw objects were looked at: what is young by that needs no look.
  const aged = Object.entries(held).filter(
    ([day, { rows, planned_at }]) => rows > 0 && !own.has(day) && endOf(planned_at) <= soon,
  );
  const attempts = [...new Set(aged.map(([, { attempt }]) => attempt))];
  const written = new Map(
    await inParallel(attempts, async (attempt) => {
      const prefix = s3Uri(settings.features, `${cleanPrefix(attempt)}interactions/`);
      const oldest = new Map<string, Date>();
      for await (const { uri, lastModified } of store.list(prefix)) {
        const day = /^day=(\d{4}-\d{2}-\d{2})\//.exec(uri.slice(prefix.length))?.[1] ?? "";
        const before = oldest.get(day);
        if (before === undefined || lastModified < before) oldest.set(day, lastModified);
      }
      return [attempt, oldest] as const;
    }),
  );
  const ends = aged.map(([day, { attempt }]) => {
    const oldest = written.get(attempt)?.get(day);
    return { day, attempt, end: oldest === undefined ? 0 : endOf(oldest) };
  });
  const near = ends.filter(({ end }) => end <= soon);
  if (near.length === 0) return { expired: [], expiring: [], lost: [] };
  const { days: raw } = await rawObjects(
    store,
    settings.interactions,
    near.length > 32 ? undefined : near.map(({ day }) => day),
  );
  const gone = near.filter(({ end }) => end - DAY_MS <= Date.parse(at));
  const hasRaw = ({ day }: { readonly day: string }) => {
    const clean = held[day];
    // What retention has left of a day is not the day.
    return (
      raw.has(day) && clean !== undefined && !mayHaveExpired(day, clean, { rawDays: settings.rawDays, at })
    );
  };
  return {
    lost: gone.filter(hasRaw).map(({ day }) => day),
    expired: gone.filter((one) => !hasRaw(one)).map(({ day, attempt }) => ({ day, attempt })),
    expiring: near
      .filter((one) => !gone.includes(one) && hasRaw(one))
      .map(({ day, end }) => ({ day, on: dayOf(new Date(end)) })),
  };
}
