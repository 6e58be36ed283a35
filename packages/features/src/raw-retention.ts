import type { CleanDay } from "@penstock/contracts";
import type { FeaturesSettings } from "./settings.ts";

const DAY_MS = 86_400_000;

/**
 * Whether retention may have taken raw objects of a clean day by some moment. Then what is missing of them says nothing, and
 * neither does what is left: the day stays as it was cleaned last. Before that somebody has deleted what is gone.
 */
export function mayHaveExpired(
  day: string,
  { raw_from }: Pick<CleanDay, "raw_from">,
  { rawDays, at }: Pick<FeaturesSettings, "rawDays"> & { readonly at: string },
): boolean {
  // No object of a day comes before the day itself.
  return Date.parse(raw_from ?? day) + rawDays * DAY_MS <= Date.parse(at);
}
