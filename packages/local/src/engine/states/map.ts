import { Branch } from "../branch.ts";
import { runTogether } from "../children.ts";
import { isInteger } from "../fields.ts";
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
import { EvaluationError } from "../template.ts";
import { resume } from "./parallel.ts";

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

const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
const isCount = (value: unknown): value is number => isInteger(value) && value >= 0;
const isPercentage = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= 100;

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
    if (!distributed) {
      for (const name of distributedOnly) {
        if (fields.has(name))
          fields.note("Field is only supported when ProcessorConfig.Mode is DISTRIBUTED", name);
      }
    } else fields.note("Distributed Map does not run here yet", "ItemProcessor");
    const flow = processor && source.flow(processor, distributed ? "separate" : "shared");
    return inlineMap(source, flow ?? { startAt: "", states: new Map() });
  },
};

function inlineMap({ name, fields, outerVariables }: Source, flow: Flow): State {
  const { next, targets, terminal } = transition(fields);
  const result = resultFields(fields, outerVariables);
  const recovery = recoveryFields(fields, outerVariables);
  const itemsField = fields.typed("Items", isArray, "array");
  const selector = fields.template("ItemSelector");
  const maxConcurrency = fields.typed("MaxConcurrency", isCount, "integer");
  const toleratedPercentage = fields.typed("ToleratedFailurePercentage", isPercentage, "number");
  const toleratedCount = fields.typed("ToleratedFailureCount", isCount, "integer");

  const itemsOf = async (branch: Branch): Promise<readonly unknown[]> => {
    const items = itemsField === undefined ? branch.input : await branch.typed(itemsField);
    if (Array.isArray(items)) return items;
    const message = `Map state input must be an array but was: ${JSON.stringify(items)}`;
    throw branch.evaluationFailure(new EvaluationError(message));
  };

  const attempt = async (branch: Branch) => {
    const before = branch.progress;
    const items = before?.items ?? (await itemsOf(branch));
    const limit = (await branch.typed(maxConcurrency)) || inlineConcurrency;
    await branch.typed(toleratedPercentage);
    await branch.typed(toleratedCount);
    if (before === undefined) branch.emit("MapStateStarted", { length: items.length });
    const children = before?.children ?? [];
    branch.progress = { items, children };
    const open =
      before === undefined ? undefined : items.map((_, at) => at).filter((at) => !children[at]?.output);
    const indexOf = (number: number) => open?.[number] ?? number;
    const details = (number: number) => ({ index: indexOf(number), name });
    let last = branch.previous;
    await runTogether(branch, {
      count: open?.length ?? items.length,
      concurrency: Math.min(limit, inlineConcurrency),
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
        if (!child.resumed) await selectInput(branch, child);
        await runBranch(child);
        last = child.emitAside("MapIterationSucceeded", details(number));
      },
      failed: (child, number) => branch.emitAside("MapIterationFailed", details(number), child.previous),
      aborted: (_, number, previous) => branch.emitAside("MapIterationAborted", details(number), previous),
    });
    branch.previous = last;
    const output = items.map((_, index) => children[index]?.output?.value);
    checkPayload(output, name);
    branch.emitAside("MapStateSucceeded");
    return branch.leave(next, result, output, { result: output });
  };

  /** ItemSelector sees the input of the Map state, and the item in the context. */
  const selectInput = async (parent: Branch, child: Branch): Promise<void> => {
    if (selector === undefined || child.item === undefined) return;
    try {
      child.input = await parent.payload(selector, { item: child.item });
    } catch (thrown) {
      child.previous = parent.previous;
      throw thrown;
    }
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
