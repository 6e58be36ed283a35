import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CopiedSources } from "./copied-sources.ts";
import { apply, type Block, blocksOf } from "./worked-examples.ts";

const original = path.resolve(import.meta.dirname, "../..");
const page = "docs/extending.md";
const blocks = blocksOf(page, readFileSync(path.join(original, page), "utf8"));
const changes = blocks.filter(({ kind }) => kind !== "sh");
const commands = blocks.flatMap(({ kind, lines, place }) =>
  kind === "sh" ? lines.map((line) => ({ line, place })) : [],
);
/** Paths of other machines than the one that the page changes; they are tried where they belong. */
const OTHER_MACHINES = "^(?!.*(curated-to-prod|reconcile|on-failure): )";

const copy = new CopiedSources();
afterAll(() => copy[Symbol.dispose]());

const faults = changes.flatMap((block) => {
  try {
    apply(block, copy.root);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
});

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program of the installed ones in the copy. */
async function run(program: string, ...args: string[]): Promise<Ended> {
  const bin = path.join(original, "node_modules/.bin");
  const child = spawn(program, args, {
    cwd: copy.root,
    // Its own environment: under CI, tests fail for want of data sets, which are not copied.
    env: { PATH: `${bin}${path.delimiter}${process.env.PATH}`, HOME: process.env.HOME, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, complaint] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { status: child.exitCode, output: `${output}${complaint}` };
}

/** The arguments of a command's lines on the page. */
function argumentsOf(command: string): string[][] {
  return commands.flatMap(({ line }) =>
    line === command || line.startsWith(`${command} -- `)
      ? [
          line
            .slice(command.length)
            .split(" ")
            .filter((word) => word !== "" && word !== "--"),
        ]
      : [],
  );
}

/** What the page has its reader test: folders mostly. Here only what it writes, and what else can tell that it is wrong. */
const told = [...new Set(argumentsOf("npm test").flat())];
const written = [...new Set(changes.map(({ file }) => file))].filter((file) => file.startsWith("test/"));
const tested = [
  ...written.filter((file) => file.endsWith(".test.ts")),
  "test/contracts/json-schema.test.ts",
  "test/workflows/definitions.test.ts",
  "test/workflows/paths.test.ts",
];

/** The tests that the page adds, by title. */
const added = changes
  .filter(({ file }) => file.endsWith(".test.ts"))
  .flatMap(({ lines }) => lines.flatMap((line) => /^\+?test\("(.+)", /.exec(line)?.[1] ?? []));

const Results = v.object({
  testResults: v.array(
    v.object({ assertionResults: v.array(v.object({ title: v.string(), status: v.string() })) }),
  ),
});

/** What the page's commands do, each step once for all examples, two at a time. */
async function looks() {
  return {
    types: await run("tsc", "-p", "tsconfig.json"),
    stacks: await run("tsc", "-p", "stacks/tsconfig.json"),
    format: await run("biome", "check", "--error-on-warnings", ...checked(changes)),
  };
}
async function runs() {
  return {
    schemas: await run("node", "packages/contracts/src/write-schemas.ts"),
    tests: await run(
      ...(["vitest", "run", ...tested, "--update", "-t", OTHER_MACHINES] as const),
      ...["--reporter=default", "--reporter=json", "--outputFile=results.json"],
    ),
    render: await run("node", "packages/local/src/cli/penstock.ts", ...["render", ...rendered()]),
    cloud: await run("node", "test/docs/run-extended.ts"),
  };
}
let did: Awaited<ReturnType<typeof looks>> & Awaited<ReturnType<typeof runs>>;
beforeAll(async () => {
  const [looked, ran] = await Promise.all([looks(), runs()]);
  did = { ...looked, ...ran };
}, 400_000);

function checked(of: readonly Block[]): string[] {
  return [...new Set(of.map(({ file }) => file))].filter((file) => file.endsWith(".ts"));
}

function rendered(): string[] {
  const [args = []] = argumentsOf("npm run render");
  return args;
}

test("every block of the page fits the code that it changes", () => {
  expect(changes.length).toBeGreaterThan(20);
  expect(faults).toEqual([]);
});

test("what the page tells to run exists, and runs every test that the page writes or changes", () => {
  const known = /^(npm run schemas|npm run render -- .+|npm test -- .+)$/;
  expect(commands.filter(({ line }) => !known.test(line))).toEqual([]);
  expect([...written, ...tested].filter((file) => !told.some((chosen) => file.startsWith(chosen)))).toEqual(
    [],
  );
});

test("the changed sources are formatted and linted as the project's", () => {
  const { format } = did;
  expect(format, format.output).toMatchObject({ status: 0 });
});

test("the changed sources type-check", () => {
  const { types, stacks } = did;
  expect(types, types.output).toMatchObject({ status: 0 });
  expect(stacks, stacks.output).toMatchObject({ status: 0 });
});

test("a table: its JSON Schema is written", () => {
  const { schemas } = did;
  expect(schemas, schemas.output).toMatchObject({ status: 0 });
  const schema: unknown = JSON.parse(readFileSync(path.join(copy.root, "schemas/v1/returns.json"), "utf8"));
  expect(schema).toMatchObject({ properties: { return_id: {}, refund_amount: { type: "number" } } });
});

test("all tests that the page adds pass, and those beside them go on passing", () => {
  const { tests } = did;
  expect(tests, tests.output).toMatchObject({ status: 0 });
  const results = v.parse(Results, JSON.parse(readFileSync(path.join(copy.root, "results.json"), "utf8")));
  const passed = results.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "passed")
    .map(({ title }) => title);
  expect(added.length).toBeGreaterThan(5);
  expect(added.filter((title) => !passed.includes(title))).toEqual([]);
});

test("a stage: the machine is rendered with it", () => {
  const { render } = did;
  expect(render, render.output).toMatchObject({ status: 0 });
  expect(JSON.parse(render.output)).toMatchObject({ States: { Profile: { Type: "Task", Next: "Refined" } } });
});

test("a file of the new table passes through the new rule and the new state in the local cloud", () => {
  const { cloud } = did;
  expect(cloud, cloud.output).toMatchObject({ status: 0 });
  const came: unknown = JSON.parse(cloud.output);
  expect(came, cloud.output).toMatchObject({
    status: "SUCCEEDED",
    states: expect.arrayContaining(["RefineInLambda", "Profile", "Refined"]),
    output: {
      table: "returns",
      rows_in: 3,
      pending: 2,
      quarantined: 1,
      by_rule: { received_not_before_requested: 1 },
      profile: expect.stringMatching(/\/profiles\/ecommerce\/returns\/.+\.json$/),
    },
    profile: { rows: 0, values: { return_id: 0 } },
    glueTables: expect.arrayContaining(["returns", "cancellations"]),
  });
});
