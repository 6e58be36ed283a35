// Runs as a process of its own, started by render-program.ts: a program changes Pulumi's global state and the working
// directory, and when it has nothing left to do is something that only the end of a process tells.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { AwsAnswers, type CreatedResource, type ProviderCall } from "./aws-answers.ts";
import { FaultLog } from "./faults.ts";
import { plainRecord } from "./plain.ts";
import { bundleProgram } from "./program-bundle.ts";

/** The part of Pulumi's run time that is used. */
interface Pulumi {
  runtime: {
    setMocks(
      mocks: {
        newResource(resource: CreatedResource): unknown;
        call(question: ProviderCall): unknown;
      },
      project: string,
      stack: string,
      preview: boolean,
    ): Promise<void>;
    runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
    registerStackTransformation(
      seen: (args: { type: string; name: string; opts: { ignoreChanges?: string[] } }) => undefined,
    ): void;
  };
}
interface Program {
  app(input: { stage: string }): unknown;
  program(): Promise<unknown>;
}

const App = v.object({
  name: v.string(),
  home: v.string(),
  removal: v.optional(v.picklist(["remove", "retain", "retain-all"]), "retain"),
  protect: v.optional(v.boolean(), false),
  providers: v.object({ aws: v.object({ region: v.string() }) }),
});

const Arguments = v.tuple([v.string(), v.string(), v.string(), v.string()]);
const [root, stage, directory, bundle] = v.parse(Arguments, process.argv.slice(2));
const platform = path.dirname(bundle);

const faults = new FaultLog(root);
process.on("unhandledRejection", (reason) => faults.add(reason));
process.on("uncaughtException", (error) => faults.add(error));

let finish: (() => object) | undefined;
// Not "exit": here the event loop has run dry, so every output that could resolve has resolved.
process.on("beforeExit", () => {
  if (finish === undefined && faults.empty) faults.addUnfinished();
  const result = faults.empty && finish ? finish() : { faults: faults.list() };
  writeFileSync(path.join(directory, "result.json"), JSON.stringify(result));
  process.exit(0);
});

try {
  await evaluate();
} catch (error) {
  faults.add(error);
}

async function evaluate(): Promise<void> {
  const sources = await bundleProgram(root, bundle);
  const cli = {
    command: "deploy",
    rpc: process.env.SST_SERVER,
    paths: { home: path.join(directory, "home"), root, work: directory, platform },
    state: { version: {} },
  };
  Object.assign(globalThis, { $cli: cli, $dev: false });
  const program: Program = await import(pathToFileURL(bundle).href);
  const app = v.parse(App, await program.app({ stage }));
  const region = app.providers.aws.region;
  Object.assign(globalThis, { $app: { ...app, stage } });

  const pulumi: Pulumi = createRequire(path.join(platform, "package.json"))("@pulumi/pulumi");
  const aws = new AwsAnswers(region, root);
  await pulumi.runtime.setMocks(
    { newResource: faults.watch(aws.newResource), call: faults.watchCall(aws.call) },
    app.name,
    stage,
    false,
  );
  const outputs = await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      aws.expect(type, name, opts);
      return faults.expect(type, name);
    });
    return program.program();
  });
  const own = await ownOutputs(outputs);
  finish = () => ({ app: app.name, region, resources: aws.resources, outputs: own, sources });
}

/** The platform adds outputs of its own, whose names begin with an underscore. */
async function ownOutputs(outputs: unknown): Promise<Record<string, unknown>> {
  const all = await plainRecord(v.parse(v.record(v.string(), v.unknown()), outputs), root, "outputs");
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith("_")));
}
