import path from "node:path";
import { parseArgs } from "node:util";
import { machinesOf, type ResourceGraph, renderProgram } from "../render/index.ts";

const usage = `penstock render [--workflow NAME] [--stage STAGE] [--json]

Evaluates sst.config.ts without AWS and prints what it describes.
  --workflow NAME  only the definition of this state machine, as JSON
  --stage STAGE    evaluate as this stage (default: local)
  --json           the whole graph as JSON: every resource with its inputs and state`;

const root = path.resolve(import.meta.dirname, "../../../..");

/**
 * `penstock render`: prints the resource graph, or one machine's ASL.
 *
 * @returns the exit code: 0, 1 when the program fails or the workflow is unknown, 2 for wrong arguments
 */
export async function renderCommand(args: string[]): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  try {
    const graph = await renderProgram({ root, stage: options.stage });
    console.log(printed(graph, options));
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(`${error.name}: ${error.message}`);
    return 1;
  }
}

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      workflow: { type: "string" },
      stage: { type: "string", default: "local" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;
}

/** A name was given that no state machine of the program has. */
class UnknownWorkflow extends Error {
  override readonly name = "UnknownWorkflow";
  constructor(workflow: string, known: readonly string[]) {
    super(`There is no workflow "${workflow}". There are: ${known.join(", ")}.`);
  }
}

function printed(graph: ResourceGraph, options: { workflow?: string; json: boolean }): string {
  if (options.workflow !== undefined) {
    const machines = machinesOf(graph);
    const machine = machines.find(({ workflow }) => workflow === options.workflow);
    if (machine === undefined) {
      throw new UnknownWorkflow(
        options.workflow,
        machines.map(({ workflow }) => workflow),
      );
    }
    return JSON.stringify(machine.definition, null, 2);
  }
  if (options.json) return JSON.stringify(graph, null, 2);
  return listing(graph);
}

/** One block per type, one line per resource: its name in the program and its id in AWS. */
function listing(graph: ResourceGraph): string {
  const byType = Map.groupBy(graph.resources, ({ type }) => type);
  const width = Math.max(...graph.resources.map(({ name }) => name.length));
  const blocks = [...byType].map(([type, resources]) =>
    [type, ...resources.map(({ name, id }) => `  ${name.padEnd(width)}  ${id}`)].join("\n"),
  );
  const { app, stage, region, account } = graph;
  const counts = `${graph.resources.length} resources, ${graph.functions.length} functions, ${machinesOf(graph).length} state machines`;
  return [`${app} · stage ${stage} · ${region} · account ${account}`, ...blocks, counts].join("\n\n");
}
