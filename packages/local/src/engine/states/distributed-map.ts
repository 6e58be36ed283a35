import type { Branch } from "../branch.ts";
import { StateFailure } from "../failures.ts";
import type { Fields } from "../fields.ts";
import { type ItemBatcher, itemBatcher, oneEach } from "../map-run/item-batcher.ts";
import { itemReader } from "../map-run/item-reader.ts";
import { MapRun } from "../map-run/map-run.ts";
import { checkPayload } from "../payload.ts";
import { recoveryFields, withRecovery } from "../recovery.ts";
import { type Flow, resultFields, type Source, type State, transition } from "../state.ts";
import { failureDetails } from "../task-call.ts";
import { mapFields } from "./map-fields.ts";

/** As many child executions run at the same time on AWS when MaxConcurrency is 0. */
const maxConcurrency = 10_000;

/** Runs one child execution, with a history of its own, for each item or batch of items. */
export function distributedMap({ name, fields, outerVariables }: Source, flow: Flow): State {
  const { next, targets, terminal } = transition(fields);
  const result = resultFields(fields, outerVariables);
  const recovery = recoveryFields(fields, outerVariables);
  const common = mapFields(fields);
  const readerFields = fields.object("ItemReader");
  const reader = readerFields && itemReader(readerFields);
  const batcher = batcherOf(fields);
  const label = fields.string("Label");
  if (label !== undefined && !/^[^\s?*<>{}[\]:;,\\|^~$#%&`"]{1,40}$/.test(label))
    fields.note("Not a valid label", "Label");
  if (fields.has("ResultWriter")) fields.note("ResultWriter does not run here yet", "ResultWriter");
  if (reader !== undefined && fields.has("Items")) fields.note("'Items' and 'ItemReader' exclude each other");

  const attempt = async (branch: Branch) => {
    const before = branch.progress?.mapRun;
    const given = reader === undefined && before === undefined ? await common.items(branch) : [];
    const limits = await common.limits(branch, maxConcurrency);
    const mapRun = before ?? new MapRun(branch, flow, label);
    branch.progress = { items: undefined, children: [], mapRun };
    if (before === undefined) {
      branch.emit("MapStateStarted", { length: given.length });
      branch.emit("MapRunStarted", { mapRunArn: mapRun.arn });
    } else {
      mapRun.redriveCount += 1;
      branch.emit("MapRunRedriven", { mapRunArn: mapRun.arn, redriveCount: mapRun.redriveCount });
    }
    let output: unknown;
    try {
      const inputs = before === undefined ? await inputsOf(branch, given) : undefined;
      const { trial } = branch.run;
      output = trial === undefined ? await mapRun.run(branch, inputs, limits) : trial.result();
      checkPayload(output, name);
    } catch (thrown) {
      if (thrown instanceof StateFailure) branch.emit("MapRunFailed", failureDetails(thrown));
      throw thrown;
    }
    branch.emit("MapRunSucceeded");
    branch.emitAside("MapStateSucceeded");
    return branch.leave(next, result, output, { result: output });
  };
  const inputsOf = async (branch: Branch, given: readonly unknown[]) => {
    const items = reader === undefined ? given : await reader(branch);
    const inputs = await batcher(branch, await common.selectAll(branch, items));
    branch.run.trial?.saw({ iterations: inputs.length });
    if (fields.has("ItemBatcher")) branch.run.trial?.saw({ batches: inputs.map(({ input }) => input) });
    return inputs;
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

function batcherOf(fields: Fields): ItemBatcher {
  const batcher = fields.object("ItemBatcher");
  return batcher === undefined ? oneEach : itemBatcher(batcher);
}
