import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Checks } from "./models-check.ts";
import { churnChecks } from "./models-churn.ts";
import { clvChecks } from "./models-clv.ts";
import { etsChecks } from "./models-ets.ts";
import { airPassengerChecks, m3Checks } from "./models-forecast.ts";
import { realCardChecks, simulatedCardChecks } from "./models-fraud.ts";
import { SetLeftOut } from "./models-reference-files.ts";
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
const leftOut: string[] = [];
const failed: string[] = [];
for (const [name, check] of Object.entries(sets)) {
  const begun = performance.now();
  try {
    const checks = await check(data);
    Object.assign(all, checks);
    console.log(`\n${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    for (const [title, { ours, bar, ok }] of Object.entries(checks)) {
      console.log(
        `  ${title.padEnd(56)} ${(ours?.toFixed(4) ?? "none").padStart(11)}   ${bar.padEnd(18)} ${ok ? "met" : "NOT MET"}`,
      );
    }
  } catch (error) {
    // A folder with a part of the sets is fine; anything else is not, but the other sets are tried all the same.
    const about = `${name}: ${error instanceof Error ? error.message : error}`;
    (error instanceof SetLeftOut ? leftOut : failed).push(about);
    console.log(`\n${error instanceof SetLeftOut ? "left out" : "FAILED"}: ${about}`);
  }
}

const broken = Object.keys(all).filter((name) => all[name]?.ok === false);
const number = Object.keys(all).length;
console.log(`\n${number - broken.length} of ${number} references met`);
for (const name of broken) console.log(`  NOT MET: ${name}`);
for (const about of failed) console.log(`  FAILED: ${about}`);
for (const about of leftOut) console.log(`  left out: ${about}`);
if (options.json !== undefined) {
  const numbers = Object.entries(all).map(([name, { ours, reference, ok }]) => [
    name,
    { ours, reference, ok },
  ]);
  await writeFile(options.json, `${JSON.stringify(Object.fromEntries(numbers), null, 2)}\n`);
}
if (number === 0) console.error(`No set of references was found in ${data}.`);
if (number === 0 || broken.length > 0 || failed.length > 0) process.exitCode = 1;
