import { manifestKey } from "@penstock/contracts";
import { removeSuperseded } from "@penstock/runtime";
import { martNames } from "./marts-plan.ts";
import type { MartsPorts } from "./ports.ts";

/**
 * Removes the marts of builds that nobody reads any more, before `build` is written. Whole is a build with a manifest;
 * the current one and the one that queries are written over stay.
 */
export async function removeSupersededMarts(
  {
    build,
    current,
    catalogued,
  }: {
    readonly build: string;
    readonly current: string | null;
    readonly catalogued?: string | null | undefined;
  },
  { store, catalogue, settings }: Pick<MartsPorts, "store" | "catalogue" | "settings">,
): Promise<void> {
  await removeSuperseded(
    {
      bucket: settings.marts,
      tables: martNames,
      headsPrefix: "_builds/",
      headsOf: (name) => [manifestKey(name)],
    },
    { build, read: [current, catalogued], keepBuilds: settings.keepBuilds },
    { store, catalogue },
  );
}
