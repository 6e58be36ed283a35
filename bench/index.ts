import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Every bench by name: what it measures, and its file. Each takes `--json FILE`. */
const benches: Readonly<Record<string, { readonly about: string; readonly file: string }>> = {
  refine: { about: "one object of 1,000,000 order items, raw to curated", file: "refine.ts" },
  engine: {
    about: "the interpreter of state machines: chains, loops, maps, many at once",
    file: "engine.ts",
  },
  prod: {
    about: "marts and the five systems, on Olist and ten times as much; --data DIR for other sets",
    file: "prod.ts",
  },
  features: {
    about: "a weekly run of the feature pipeline on 5,000,000 interactions, against plain SQL",
    file: "features.ts",
  },
  campaign: {
    about:
      "campaigns by each tier as callers see them, with the delays of real services; --campaigns N of each (20)",
    file: "campaign.ts",
  },
  models: {
    about: "every model against its published references; --data DIR for other sets",
    file: "models.ts",
  },
};

const [name, ...rest] = process.argv.slice(2);
const bench = name !== undefined && Object.hasOwn(benches, name) ? benches[name] : undefined;

if (bench === undefined) {
  console.error(name === undefined ? "Say which bench to run:" : `There is no bench "${name}". There are:`);
  for (const [known, { about }] of Object.entries(benches))
    console.error(`  npm run bench -- ${known}   ${about}`);
  process.exitCode = 2;
} else {
  const file = fileURLToPath(new URL(bench.file, import.meta.url));
  const { status } = spawnSync(process.execPath, [file, ...rest], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}
