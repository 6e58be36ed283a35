import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Checks } from "../../bench/models-check.ts";

/** The folder of the reference sets. */
export const referenceData = fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** In a pipeline the data have to be there; on a clone without them there is nothing to look at. */
export const isAbsent = !existsSync(referenceData) && !process.env.CI;

/** What to add to the title of tests that are then skipped. */
export const skipped = isAbsent ? " (skipped: ../shared/data is not there)" : "";

/** Prints ours beside the reference, and expects every check to hold. */
export function expectToHold(checks: Checks): void {
  for (const [name, { ours, bar }] of Object.entries(checks)) {
    console.log(`${name.padEnd(44)} ${(ours?.toFixed(4) ?? "none").padStart(9)}   ${bar}`);
  }
  const broken = Object.entries(checks).filter(([, { ok }]) => !ok);
  expect(broken).toEqual([]);
}
