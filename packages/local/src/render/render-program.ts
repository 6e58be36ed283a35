import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { type Build, openBuildHost } from "./build-host.ts";
import { InvalidStage, PlatformMissing, ProgramFailed } from "./errors.ts";
import { ACCOUNT, type RenderedFunction, type RenderedResource, type ResourceGraph } from "./graph.ts";
import { RenderCache } from "./render-cache.ts";

/** Where the program is, and as which stage it is to be evaluated. */
export interface RenderOptions {
  /** Absolute path of the folder of sst.config.ts. */
  root: string;
  stage: string;
}

const Properties = v.record(v.string(), v.unknown());
const Evaluated = v.strictObject({
  app: v.string(),
  region: v.string(),
  resources: v.array(
    v.strictObject({
      type: v.string(),
      name: v.string(),
      inputs: Properties,
      id: v.string(),
      state: Properties,
      ignoreChanges: v.array(v.string()),
    }),
  ),
  outputs: Properties,
  sources: v.array(v.string()),
});
const Faulty = v.strictObject({
  faults: v.array(
    v.strictObject({
      error: v.string(),
      message: v.string(),
      place: v.nullable(v.string()),
      resource: v.nullable(v.string()),
    }),
  ),
});

/**
 * Evaluates the deployment program without AWS: every resource with its inputs resolved, as AWS would name it.
 * Takes some seconds; the result is kept until one of the program's source files changes.
 *
 * @throws {InvalidStage} for a stage that SST would refuse
 * @throws {PlatformMissing} before the SST platform is installed
 * @throws {ProgramFailed} with every error of the program, the resource concerned and the place in the source
 */
export async function renderProgram({ root, stage }: RenderOptions): Promise<ResourceGraph> {
  // SST's own rule; a stage becomes part of names, and of the cache's path.
  if (!/^[a-zA-Z0-9-]+$/.test(stage)) throw new InvalidStage(stage);
  if (!existsSync(path.join(root, ".sst/platform/node_modules"))) throw new PlatformMissing(root);
  const cache = new RenderCache(root, stage, rendererSources(root));
  const kept = cache.read();
  if (kept !== undefined) return kept;

  mkdirSync(path.join(root, ".sst/render"), { recursive: true });
  const directory = mkdtempSync(path.join(root, ".sst/render/run-"));
  // In the platform's folder, from where the program's packages resolve. Its real path: places in errors refer to it.
  const platform = realpathSync(path.join(root, ".sst/platform"));
  const bundle = path.join(platform, `sst.config.render-${path.basename(directory)}.mjs`);
  try {
    const host = await openBuildHost(directory);
    const evaluated = await evaluate(host.url, [root, stage, directory, bundle]).finally(host.close);
    const { app, region, outputs } = evaluated;
    const resources = evaluated.resources.sort(byTypeAndName);
    const functions = resources
      .filter(({ type }) => type === "aws:lambda/function:Function")
      .map((resource) => renderedFunction(resource, host.builds));
    const graph: ResourceGraph = { app, stage, region, account: ACCOUNT, resources, functions, outputs };
    cache.write(graph, evaluated.sources);
    return graph;
  } finally {
    for (const left of [directory, bundle, `${bundle}.map`]) rmSync(left, { recursive: true, force: true });
  }
}

/** Registration is asynchronous; a graph that is to be compared has an order of its own. */
function byTypeAndName(a: RenderedResource, b: RenderedResource): number {
  const [left, right] = [`${a.type} ${a.name}`, `${b.type} ${b.name}`];
  return left < right ? -1 : Number(left > right);
}

/** Evaluates the program in a process of its own, which is killed when it does not come to an end. */
async function evaluate(
  server: string,
  args: [root: string, stage: string, directory: string, bundle: string],
) {
  const [root, stage, directory] = args;
  // Some seconds are usual; this is for a machine that is busy with much else.
  const limit = 180_000;
  const child = spawn(
    process.execPath,
    ["--enable-source-maps", path.join(import.meta.dirname, "evaluate.ts"), ...args],
    {
      cwd: root,
      // The program must not find an account by accident, nor report anything to anyone.
      env: {
        PATH: process.env.PATH,
        HOME: directory,
        SST_SERVER: server,
        SST_STAGE: stage,
        SST_TELEMETRY_DISABLED: "1",
        AWS_EC2_METADATA_DISABLED: "true",
        NODE_NO_WARNINGS: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limit,
      killSignal: "SIGKILL",
    },
  );
  const [, said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const file = path.join(directory, "result.json");
  if (!existsSync(file)) {
    const silence = child.killed
      ? `It was still at work after ${limit / 1000} s: a timer or a connection keeps it from ending.`
      : "Its process ended without a word.";
    const message = said.trim() || silence;
    throw new ProgramFailed([{ error: "EvaluationCrashed", message, place: null, resource: null }]);
  }
  const result = v.parse(v.union([Evaluated, Faulty]), JSON.parse(readFileSync(file, "utf8")));
  if ("faults" in result) throw new ProgramFailed(result.faults);
  return result;
}

const FunctionState = v.object({
  name: v.string(),
  arn: v.string(),
  role: v.string(),
  timeout: v.number(),
  memorySize: v.number(),
  ephemeralStorage: v.object({ size: v.number() }),
  environment: v.object({ variables: v.record(v.string(), v.string()) }),
});

/** A Lambda function joined with what the platform asked to be built for it. */
function renderedFunction(resource: RenderedResource, builds: readonly Build[]): RenderedFunction {
  const name = resource.name.replace(/Function$/, "");
  const build = builds.find(({ functionID }) => functionID === name);
  if (build === undefined) throw new Error(`Function ${resource.name} was registered and never built.`);
  const state = v.parse(FunctionState, resource.state);
  const { SST_KEY: _key, SST_KEY_FILE: _file, ...environment } = state.environment.variables;
  return {
    name,
    functionName: state.name,
    arn: state.arn,
    role: state.role,
    handler: build.handler,
    links: Object.fromEntries(Object.entries(build.links).map(([link, values]) => [link, linkType(values)])),
    environment,
    memoryMb: state.memorySize,
    timeoutSeconds: state.timeout,
    storageMb: state.ephemeralStorage.size,
    external: [...(build.properties?.esbuild?.external ?? [])].sort(),
    install: Object.entries(build.properties?.install ?? {})
      .map(([name, version]) => `${name}@${version}`)
      .sort(),
  };
}

/** Pulumi's stand-in for its engine counts the stack as a parent in a type; the engine does not. */
function linkType(values: Record<string, unknown>): Record<string, unknown> {
  return { ...values, type: String(values.type).replace(/^pulumi\.pulumi\.Stack\$/, "") };
}

function rendererSources(root: string): string[] {
  const here = import.meta.dirname;
  return readdirSync(here)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.relative(root, path.join(here, file)));
}
