// Sets up PySpark in .penstock/spark, once: the Spark that Glue 5.1 runs, from PyPI. Ends with 69 where it cannot be had here,
// and says why: whoever calls it may go on without.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Spark of Glue 5.1, and what it runs on: 3.5 was released for no later Python. */
const WANTED = "pyspark==3.5.6";
const JAVA = 17;
const PYTHONS = ["3.9", "3.10", "3.11"];
/** EX_UNAVAILABLE of sysexits.h. */
const UNAVAILABLE = 69;

const folder = path.join(import.meta.dirname, "../../.penstock/spark");
const marker = path.join(folder, ".penstock-setup");

function notRun(reason) {
  console.error(`Spark: not run, because ${reason}.`);
  process.exit(UNAVAILABLE);
}

/** What a program prints, both streams; undefined when it is not there or fails. */
function printed(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? `${stdout}${stderr}` : undefined;
}

function install(what, program, args) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) notRun(`${what} failed: ${error?.message ?? "what is printed above says why"}`);
}

// As Spark looks for it.
const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, "bin/java") : "java";
const [, version] = /version "([^"]+)"/.exec(printed(java, ["-version"]) ?? "") ?? [];
if (version === undefined) notRun(`it needs Java ${JAVA}, and ${java} is not there`);
if (Number.parseInt(version, 10) !== JAVA) notRun(`it needs Java ${JAVA}, and ${java} is ${version}`);

const isSetUp = existsSync(marker) && readFileSync(marker, "utf8") === WANTED;
const python = isSetUp ? path.join(folder, "bin/python") : "python3";
const found = printed(python, ["-c", 'import sys; print("%d.%d" % sys.version_info[:2])'])?.trim();
const pythons = `Python ${PYTHONS.slice(0, -1).join(", ")} or ${PYTHONS.at(-1)}`;
if (found === undefined) notRun(`it needs ${pythons}, and ${python} is not there`);
if (!PYTHONS.includes(found)) notRun(`it needs ${pythons}, and ${python} is ${found}`);

if (!isSetUp) {
  const began = Date.now();
  console.log(`setup: installing ${WANTED} from PyPI (320 MB), one or two minutes, once`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  install("making a Python environment", python, ["-m", "venv", folder]);
  install(`installing ${WANTED}`, path.join(folder, "bin/pip"), ["install", "--quiet", WANTED]);
  writeFileSync(marker, WANTED);
  console.log(`setup: done in ${Math.round((Date.now() - began) / 1000)} s`);
}
