#!/usr/bin/env node
/** The command line of Penstock: `penstock <command> [arguments]`. Each command is loaded when it is called. */
import { enableCompileCache } from "node:module";
import path from "node:path";

// The sandboxes use the same cache: most of the modules are theirs too.
enableCompileCache(path.resolve(import.meta.dirname, "../../../../node_modules/.cache/penstock"));

type Command = (args: string[]) => Promise<number>;

const commands: Readonly<Record<string, { readonly what: string; readonly load: () => Promise<Command> }>> = {
  start: {
    what: "run the main job on a generated sample, or on files of your own",
    load: async () => (await import("./start.ts")).startCommand,
  },
  dev: {
    what: "keep the local cloud up and print where it listens",
    load: async () => (await import("./dev.ts")).devCommand,
  },
  render: {
    what: "print what the deployment program describes",
    load: async () => (await import("./render.ts")).renderCommand,
  },
  invoke: {
    what: "run one task as Lambda would",
    load: async () => (await import("./invoke.ts")).invokeCommand,
  },
  run: {
    what: "start a workflow, and wait for its end when asked",
    load: async () => (await import("./run.ts")).runCommand,
  },
  features: {
    what: "compute features: of a range of days, of yesterday, or of everything",
    load: async () => (await import("./features.ts")).featuresCommand,
  },
  backfill: {
    what: "compute features of many past days, some executions at a time",
    load: async () => (await import("./backfill.ts")).backfillCommand,
  },
  exports: {
    what: "upload a person's exports, and wait for what becomes of them",
    load: async () => (await import("./exports.ts")).exportsCommand,
  },
  personas: {
    what: "print what a person's exports tell",
    load: async () => (await import("./personas.ts")).personasCommand,
  },
  campaign: {
    what: "make a campaign for a product and its picture",
    load: async () => (await import("./campaign.ts")).campaignCommand,
  },
  image: {
    what: "have a picture drawn",
    load: async () => (await import("./image.ts")).imageCommand,
  },
  upload: {
    what: "upload a product's picture, and say what arrived",
    load: async () => (await import("./upload.ts")).uploadCommand,
  },
  undeliverable: {
    what: "tell which interactions Firehose has put aside, and deliver them",
    load: async () => (await import("./undeliverable.ts")).undeliverableCommand,
  },
  executions: {
    what: "list executions, the latest first",
    load: async () => (await import("./executions.ts")).executionsCommand,
  },
  show: {
    what: "show an execution with its states and their times",
    load: async () => (await import("./show.ts")).showCommand,
  },
  redrive: {
    what: "take failed executions and dead letters up again",
    load: async () => (await import("./redrive.ts")).redriveCommand,
  },
  token: {
    what: "print a token for the local cloud's HTTP API",
    load: async () => (await import("./token.ts")).tokenCommand,
  },
};

function usage(): string {
  const lines = Object.entries(commands).map(([name, { what }]) => `  ${name.padEnd(13)} ${what}`);
  return `penstock <command> [--help]\n\n${lines.join("\n")}`;
}

const [name = "--help", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command !== undefined) {
  const run = await command.load();
  process.exitCode = await run(args);
} else if (name === "--help" || name === "-h" || name === "help") {
  console.log(usage());
} else {
  console.error(`There is no command "${name}".\n\n${usage()}`);
  process.exitCode = 2;
}
