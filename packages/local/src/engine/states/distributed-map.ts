import { randomUUID } from "node:crypto";
import type { Branch } from "../branch.ts";
import { StateFailure, stateErrors } from "../failures.ts";
import { allOf } from "../map-run/all-of.ts";
import { type ItemBatcher, itemBatcher, oneEach } from "../map-run/item-batcher.ts";
import { type ItemSource, itemReader } from "../map-run/item-reader.ts";
import { type Inputs, MapRun, type Processor } from "../map-run/map-run.ts";
import type { ItemPage } from "../map-run/object-items.ts";
import { resultWriter } from "../map-run/result-writer.ts";
import { checkPayload } from "../payload.ts";
import { recoveryFields, withRecovery } from "../recovery.ts";
import { type Flow, resultFields, type Source, type State, transition } from "../state.ts";
import { failureDetails } from "../task-call.ts";
import { type MapFields, mapFields } from "./map-fields.ts";

/** After these failures AWS does not go on with the Map Run, but starts another one. */
const startsAnew: ReadonlySet<string | undefined> = new Set([
  stateErrors.dataLimitExceeded,
  stateErrors.queryEvaluation,
]);

/** Runs one child execution, with a history of its own, for each item or batch of items. */
export function distributedMap({ name, fields, outerVariables }: Source, flow: Flow): State {
  const { next, targets, terminal } = transition(fields);
  const result = resultFields(fields, outerVariables);
  const recovery = recoveryFields(fields, outerVariables);
  const common = mapFields(fields, "DISTRIBUTED");
  const readerFields = fields.object("ItemReader");
  const reader = readerFields && itemReader(readerFields);
  const batcherFields = fields.object("ItemBatcher");
  const batcher = batcherFields === undefined ? oneEach : itemBatcher(batcherFields);
  const writer = resultWriter(fields.object("ResultWriter"), name);
  const label = fields.string("Label");
  if (label !== undefined && !/^[^\s?*<>{}[\]:;,\\|^~$#%&`"/]{1,40}$/.test(label))
    fields.note("Not a valid label", "Label");
  if (reader !== undefined && fields.has("Items")) fields.note("'Items' and 'ItemReader' exclude each other");
  const definition = fields.value.ItemProcessor;
  const { ExecutionType } = Object(Object(definition).ProcessorConfig);
  const processor: Processor = {
    flow,
    // Without a label AWS makes one for the state, not for each of its runs.
    label: label ?? randomUUID(),
    type: ExecutionType === "EXPRESS" ? "EXPRESS" : "STANDARD",
    definition,
  };

  const attempt = async (branch: Branch) => {
    const before = branch.progress?.mapRun;
    const mapRun = before === undefined ? await begin(branch) : goOn(branch, before);
    let output: unknown;
    try {
      output = await (branch.run.trial === undefined ? mapRun.run(branch) : tried(branch));
      checkPayload(output, name);
    } catch (thrown) {
      if (thrown instanceof StateFailure) {
        branch.emit("MapRunFailed", failureDetails(thrown));
        if (startsAnew.has(thrown.error)) branch.progress = undefined;
      }
      throw thrown;
    }
    branch.emit("MapRunSucceeded");
    branch.emitAside("MapStateSucceeded");
    const step = await branch.leave(next, result, output, { result: output });
    mapRun.release();
    return step;
  };

  const begin = async (branch: Branch) => {
    const given = reader === undefined ? await common.dataset(branch) : undefined;
    const limits = await common.limits(branch, 0);
    const source = await sourceOf(branch, given);
    const inputs = await inputsOf(branch, common, source, batcher);
    const mapRun = new MapRun(branch, { processor, inputs, results: await writer(branch), limits });
    branch.progress = { items: undefined, children: [], mapRun };
    branch.emit("MapStateStarted", { length: given?.values.length ?? 0 });
    branch.emit("MapRunStarted", { mapRunArn: mapRun.arn });
    return mapRun;
  };
  /** The dataset of the reader, or the one that the state has of its own. */
  const sourceOf = async (
    branch: Branch,
    given: Omit<ItemPage, "source"> | undefined,
  ): Promise<ItemSource> => {
    if (reader !== undefined) return reader(branch);
    return () => onePage<ItemPage>({ source: undefined, values: [], ...given });
  };
  const goOn = (branch: Branch, mapRun: MapRun) => {
    mapRun.redrive(branch.run.clock.now());
    branch.emit("MapRunRedriven", { mapRunArn: mapRun.arn, redriveCount: mapRun.redriveCount });
    return mapRun;
  };
  /** A test of the state: reads and selects and batches, but no children run. */
  const tried = async (branch: Branch) => {
    const source = await sourceOf(branch, reader === undefined ? await common.dataset(branch) : undefined);
    const items = (await allOf(selected(branch, common, source(branch)))).flat();
    if (common.selects) branch.run.trial?.saw({ selected: items });
    const group = await batcher(branch);
    const inputs = (await allOf(group(onePage(items)))).flat();
    branch.run.trial?.saw({ iterations: inputs.length });
    if (batcherFields !== undefined) branch.run.trial?.saw({ batches: inputs.map(({ input }) => input) });
    return branch.run.trial?.result();
  };
  return {
    name,
    type: "Map",
    targets: [...targets, ...recovery.targets],
    terminal,
    run: (branch) =>
      withRecovery(
        branch,
        recovery,
        () => attempt(branch),
        () => branch.emit("MapStateFailed"),
      ),
  };
}

async function* onePage<Page>(page: Page): AsyncGenerator<Page> {
  yield page;
}

/** The inputs of the children: items, selected and then batched, as they are asked for. */
async function inputsOf(
  branch: Branch,
  common: MapFields,
  source: ItemSource,
  batcher: ItemBatcher,
): Promise<Inputs> {
  const group = await batcher(branch);
  return (reading) => group(selected(reading, common, source(reading)));
}

async function* selected(
  branch: Branch,
  common: MapFields,
  pages: AsyncIterable<ItemPage>,
): AsyncGenerator<readonly unknown[]> {
  let index = 0;
  for await (const { source, values, keys } of pages) {
    if (!common.selects) {
      yield values;
      continue;
    }
    const inputs: unknown[] = [];
    for (const [at, value] of values.entries())
      inputs.push(await common.select(branch, { index: index++, value, key: keys?.[at], source }));
    yield inputs;
  }
}
