// The one entry of all npm scripts: sets up what is missing, then runs the command on the pinned Node.
// Plain JavaScript for Node 20 without dependencies, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const bin = path.join(root, "node_modules", ".bin");
// npm scripts put node_modules/.bin first, so that `node` is the pinned one; the same holds for what runs below.
const environment = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };

/** Runs a program in the project's root; its exit status, 1 when it could not be started or was killed. */
function run(program, args, extra = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...environment, ...extra },
  });
  if (error) console.error(`${program} could not be started: ${error.message}`);
  return status ?? 1;
}

/** Does `work` unless `marker` already holds `wanted`; says what it does and how long it took. */
function once(what, marker, wanted, work) {
  const file = path.join(root, marker);
  if (existsSync(file) && readFileSync(file, "utf8") === wanted) return;
  const began = Date.now();
  console.log(`setup: ${what}`);
  if (work() !== 0) {
    console.error(
      `setup: failed: ${what}. What is printed above says why; once it is mended, run the command again.`,
    );
    process.exit(1);
  }
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, wanted);
  console.log(`setup: done in ${Math.round((Date.now() - began) / 1000)} s`);
}

function setUp() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    console.error(
      `setup: Node ${process.versions.node} is too old; install Node 20 or later and run the command again.`,
    );
    process.exit(1);
  }
  const lock = readFileSync(path.join(root, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  once("installing packages (npm ci), about a minute", "node_modules/.penstock-setup", hash, () =>
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]),
  );
  const { version } = JSON.parse(readFileSync(path.join(root, "node_modules/sst/package.json"), "utf8"));
  once(
    `unpacking the platform of SST ${version}, about a minute, once`,
    ".sst/.penstock-setup",
    version,
    () => {
      rmSync(path.join(root, ".sst"), { recursive: true, force: true });
      // Without these SST looks for bun and Pulumi on the network; only the npm registry is needed.
      return run("sst", ["install", "--stage", "local"], {
        SST_SKIP_DEPENDENCY_CHECK: "1",
        SST_NO_BUN: "1",
        SST_TELEMETRY_DISABLED: "1",
      });
    },
  );
}

/** Steps run one after another; the first that fails ends the command with its status. */
function inOrder(...steps) {
  for (const [what, program, ...args] of steps) {
    console.log(`\n── ${what}`);
    const status = run(program, args);
    if (status !== 0) return status;
  }
  return 0;
}

const cli = "packages/local/src/cli/penstock.ts";
const setUpSpark = () => run("node", ["test/spark/set-up.mjs"]);
const commands = {
  start: (args) => run("node", [cli, "start", ...args]),
  dev: (args) => run("node", [cli, "dev", ...args]),
  render: (args) => run("node", [cli, "render", ...args]),
  bench: (args) => run("node", ["bench/index.ts", ...args]),
  conformance: (args) => run("node", ["test/conformance/main.ts", ...args]),
  schemas: (args) => run("node", ["packages/contracts/src/write-schemas.ts", ...args]),
  "setup:spark": setUpSpark,
  "test:spark": (args) =>
    setUpSpark() || run("vitest", ["run", "test/spark", ...args], { PENSTOCK_SPARK: "required" }),
  coverage: (args) => run("vitest", ["run", "--coverage", ...args]),
  test: (args) =>
    inOrder(
      ["format and lint", "biome", "check", "--error-on-warnings", "."],
      ["types", "tsc", "-p", "tsconfig.json"],
      // By rules of their own: the platform's types are meant for a bundler's resolution.
      ["types of the deployment program", "tsc", "-p", "stacks/tsconfig.json"],
      ["tests", "vitest", "run", ...args],
    ),
};

const [name = "", ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(`setup: no command "${name}"; there are: ${Object.keys(commands).join(", ")}`);
  process.exit(2);
}
setUp();
process.exit(command(args));
