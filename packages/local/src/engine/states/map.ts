import { Branch, resume } from "../branch.ts";
import { runTogether } from "../children.ts";
import { checkPayload } from "../payload.ts";
import { recoveryFields, withRecovery } from "../recovery.ts";
import { runBranch } from "../run-branch.ts";
import {
  commonFields,
  type Flow,
  resultFields,
  type Source,
  type State,
  type StateType,
  transition,
} from "../state.ts";
import { distributedMap } from "./distributed-map.ts";
import { mapFields } from "./map-fields.ts";

const fieldNames = [
  "Next",
  "End",
  "Items",
  "ItemSelector",
  "ItemProcessor",
  "MaxConcurrency",
  "ToleratedFailureCount",
  "ToleratedFailurePercentage",
  "ItemReader",
  "ItemBatcher",
  "ResultWriter",
  "Label",
  "Output",
  "Assign",
  "Retry",
  "Catch",
];
const distributedOnly = ["ItemReader", "ItemBatcher", "ResultWriter", "Label"];
/** As many items of an inline Map run at the same time on AWS, whatever MaxConcurrency says. */
const inlineConcurrency = 40;

/** Runs one flow for each item of an array; its result is the array of the outputs. */
export const map: StateType = {
  fields: new Set([...commonFields, ...fieldNames]),
  compile(source) {
    const { fields } = source;
    fields.required("ItemProcessor");
    const processor = fields.object("ItemProcessor");
    const config = processor?.object("ProcessorConfig");
    const mode = config?.string("Mode") ?? "INLINE";
    if (mode !== "INLINE" && mode !== "DISTRIBUTED")
      config?.note("The value must be 'INLINE' or 'DISTRIBUTED'", "Mode");
    const distributed = mode === "DISTRIBUTED";
    const type = config?.string("ExecutionType");
    if (distributed && type !== "STANDARD" && type !== "EXPRESS") {
      config?.note("The value must be 'STANDARD' or 'EXPRESS'", "ExecutionType");
    }
    for (const name of distributed ? [] : distributedOnly) {
      if (fields.has(name))
        fields.note("Field is only supported when ProcessorConfig.Mode is DISTRIBUTED", name);
    }
    // Child executions of a Distributed Map do not see the variables of their parent.
    const flow = processor && source.flow(processor, distributed ? "children" : "items");
    const compiled = flow ?? { startAt: "", states: new Map() };
    return distributed ? distributedMap(source, compiled) : inlineMap(source, compiled);
  },
};

function inlineMap({ name, fields, outerVariables }: Source, flow: Flow): State {
  const { next, targets, terminal } = transition(fields);
  const result = resultFields(fields, outerVariables);
  const recovery = recoveryFields(fields, outerVariables);
  const common = mapFields(fields, "INLINE");

  const attempt = async (branch: Branch) => {
    const before = branch.progress;
    const items = before?.items ?? (await common.items(branch));
    const { concurrency } = await common.limits(branch, inlineConcurrency);
    if (before === undefined) branch.emit("MapStateStarted", { length: items.length });
    if (branch.run.trial !== undefined) {
      await common.selectAll(branch, items);
      branch.run.trial.saw({ iterations: items.length });
      return end(branch, branch.run.trial.result());
    }
    const children = before?.children ?? [];
    branch.progress = { items, children };
    const open =
      before === undefined ? undefined : items.map((_, at) => at).filter((at) => !children[at]?.output);
    const indexOf = (number: number) => open?.[number] ?? number;
    const details = (number: number) => ({ index: indexOf(number), name });
    let last = branch.previous;
    await runTogether(branch, {
      count: open?.length ?? items.length,
      concurrency,
      begin: (number, previous, signal) => {
        const index = indexOf(number);
        const { run, variables } = branch;
        const value = items[index];
        const item = { index, value };
        const child =
          children[index] ?? new Branch({ run, flow, input: value, previous, signal, variables, item });
        children[index] = child;
        resume(child, previous, signal);
        child.emit("MapIterationStarted", details(number));
        return child;
      },
      work: async (child, number) => {
        if (!child.resumed && child.item !== undefined) {
          try {
            child.input = await common.select(branch, child.item);
          } catch (thrown) {
            child.previous = branch.previous;
            throw thrown;
          }
        }
        await runBranch(child);
        last = child.emitAside("MapIterationSucceeded", details(number));
      },
      failed: (child, number) => branch.emitAside("MapIterationFailed", details(number), child.previous),
      aborted: (_, number, previous) => branch.emitAside("MapIterationAborted", details(number), previous),
    });
    branch.previous = last;
    return end(
      branch,
      items.map((_, index) => children[index]?.output?.value),
    );
  };
  const end = (branch: Branch, output: unknown) => {
    checkPayload(output, name);
    branch.emitAside("MapStateSucceeded");
    return branch.leave(next, result, output, { result: output });
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
