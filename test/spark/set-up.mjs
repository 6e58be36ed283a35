// Sets up PySpark in .penstock/spark, once: the Spark that Glue 5.1 runs, from PyPI. Needs Python 3.9 to 3.11 and Java 17.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Spark of Glue 5.1. */
const WANTED = "pyspark==3.5.6";
const folder = path.join(import.meta.dirname, "../../.penstock/spark");
const marker = path.join(folder, ".penstock-setup");

function run(what, program, args) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (status === 0) return;
  console.error(`setup: failed: ${what}. ${error?.message ?? "What is printed above says why."}`);
  process.exit(1);
}

if (!existsSync(marker) || readFileSync(marker, "utf8") !== WANTED) {
  const began = Date.now();
  run("Spark needs Java 17 (java)", "java", ["-version"]);
  console.log(`setup: installing ${WANTED} from PyPI (320 MB), one or two minutes, once`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  run("making a Python environment", "python3", ["-m", "venv", folder]);
  run(`installing ${WANTED}`, path.join(folder, "bin/pip"), ["install", "--quiet", WANTED]);
  writeFileSync(marker, WANTED);
  console.log(`setup: done in ${Math.round((Date.now() - began) / 1000)} s`);
}
