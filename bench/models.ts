import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Checks } from "./models-check.ts";
import { churnChecks } from "./models-churn.ts";
import { clvChecks } from "./models-clv.ts";
import { etsChecks } from "./models-ets.ts";
import { airPassengerChecks, m3Checks } from "./models-forecast.ts";
import { realCardChecks, simulatedCardChecks } from "./models-fraud.ts";
import { segmentationChecks } from "./models-segmentation.ts";

const { values: options } = parseArgs({ options: { json: { type: "string" }, data: { type: "string" } } });

const data = options.data ?? fileURLToPath(new URL("../../shared/data", import.meta.url));

/** Every set of references, by what is checked with it. */
const sets: Readonly<Record<string, (data: string) => Promise<Checks>>> = {
  "customer lifetime value": clvChecks,
  "forecasts, air passengers": airPassengerChecks,
  "forecasts, R's exponential smoothing": etsChecks,
  "forecasts, M3": (from) => m3Checks(from, 1),
  churn: churnChecks,
  "fraud, real cards": realCardChecks,
  "fraud, simulated cards": simulatedCardChecks,
  segmentation: segmentationChecks,
};

const all: Record<string, Checks[string]> = {};
for (const [name, check] of Object.entries(sets)) {
  const begun = performance.now();
  try {
    const checks = await check(data);
    Object.assign(all, checks);
    console.log(`\n${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    for (const [title, { ours, reference, ok }] of Object.entries(checks)) {
      console.log(
        `  ${title.padEnd(56)} ${ours.toFixed(4).padStart(11)}   ${reference.padEnd(16)} ${ok ? "met" : "NOT MET"}`,
      );
    }
  } catch (error) {
    // A folder with a part of the sets is fine; anything else is not, but the other sets are tried all the same.
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    console.log(
      `\n${name}: ${isAbsent ? "left out" : "FAILED"}, ${error instanceof Error ? error.message : error}`,
    );
    if (!isAbsent) process.exitCode = 1;
  }
}

const broken = Object.entries(all).filter(([, { ok }]) => !ok);
const number = Object.keys(all).length;
console.log(
  `\n${number - broken.length} of ${number} references met${broken.map(([name]) => `\n  NOT MET: ${name}`).join("")}`,
);
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(all, null, 2)}\n`);
if (broken.length > 0) process.exitCode = 1;
