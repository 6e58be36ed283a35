import { Branch, resume } from "../branch.ts";
import { runTogether } from "../children.ts";
import { checkPayload } from "../payload.ts";
import { recoveryFields, withRecovery } from "../recovery.ts";
import { runBranch } from "../run-branch.ts";
import { commonFields, resultFields, type StateType, transition } from "../state.ts";

/** Runs several flows at once on the same input; its result is the array of their outputs. */
export const parallel: StateType = {
  fields: new Set([
    ...commonFields,
    "Next",
    "End",
    "Branches",
    "Arguments",
    "Output",
    "Assign",
    "Retry",
    "Catch",
  ]),
  compile({ name, fields, outerVariables, flow }) {
    const { next, targets, terminal } = transition(fields);
    const result = resultFields(fields, outerVariables);
    const recovery = recoveryFields(fields, outerVariables);
    const input = fields.template("Arguments");
    const flows = fields.objects("Branches").map((branch) => flow(branch, "branch"));
    if (flows.length === 0) fields.note("At least one branch is required", "Branches");

    const attempt = async (branch: Branch) => {
      const before = branch.progress?.children;
      const payload =
        before !== undefined || input === undefined ? branch.input : await branch.payload(input);
      if (before === undefined) branch.emit("ParallelStateStarted");
      if (branch.run.trial !== undefined) return end(branch, branch.run.trial.result());
      const children = before ?? [];
      branch.progress = { items: undefined, children };
      const open = flows.map((_, index) => index).filter((index) => children[index]?.output === undefined);
      let last = branch.previous;
      await runTogether(branch, {
        count: open.length,
        concurrency: open.length,
        begin: (number, previous, signal) => {
          const index = open[number] ?? 0;
          const child = children[index] ?? newChild(branch, flows[index], payload, signal);
          children[index] = child;
          return resume(child, previous, signal);
        },
        work: async (child) => {
          await runBranch(child);
          last = child.previous;
        },
      });
      branch.previous = last;
      return end(
        branch,
        children.map((child) => child?.output?.value),
      );
    };
    const end = (branch: Branch, output: unknown) => {
      checkPayload(output, name);
      branch.emitAside("ParallelStateSucceeded");
      return branch.leave(next, result, output, { result: output });
    };
    return {
      name,
      type: "Parallel",
      targets: [...targets, ...recovery.targets],
      terminal,
      run: (branch) =>
        withRecovery(
          branch,
          recovery,
          () => attempt(branch),
          () => branch.emit("ParallelStateFailed"),
        ),
    };
  },
};

function newChild(
  parent: Branch,
  flow: Branch["flow"] | undefined,
  input: unknown,
  signal: AbortSignal,
): Branch {
  if (flow === undefined) throw new Error("More branches were started than there are");
  const { run, previous, variables, item } = parent;
  return new Branch({ run, flow, input, previous, signal, variables, item });
}
