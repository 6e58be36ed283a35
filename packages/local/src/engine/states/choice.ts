import { StateFailure, stateErrors } from "../failures.ts";
import type { Fields } from "../fields.ts";
import { commonFields, resultFields, type StateType, type Target } from "../state.ts";

const ruleFields = new Set(["Comment", "Condition", "Next", "Output", "Assign"]);
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

/** Goes where the first rule whose condition is true leads, or to `Default`. */
export const choice: StateType = {
  fields: new Set([...commonFields, "Choices", "Default", "Output", "Assign"]),
  compile({ name, fields, outerVariables }) {
    const rules = fields.objects("Choices").map((rule: Fields) => {
      rule.refuseAllBut(ruleFields);
      rule.required("Condition", "Next");
      return {
        condition: rule.typed("Condition", isBoolean, "boolean"),
        next: rule.string("Next") ?? "",
        result: resultFields(rule, outerVariables),
      };
    });
    if (rules.length === 0) fields.note("At least one rule is required", "Choices");
    const fallback = fields.string("Default");
    // Output and Assign of the state itself belong to Default.
    const result = resultFields(fields, outerVariables);
    const targets: Target[] = rules.map(({ next }, index) => ({
      name: next,
      field: `Choices[${index}]/Next`,
    }));
    if (fallback !== undefined) targets.push({ name: fallback, field: "Default" });
    return {
      name,
      type: "Choice",
      targets,
      terminal: false,
      run: async (branch) => {
        for (const rule of rules) {
          if (await branch.typed(rule.condition))
            return branch.leave(rule.next, rule.result, branch.input, {});
        }
        if (fallback !== undefined) return branch.leave(fallback, result, branch.input, {});
        throw new StateFailure(
          stateErrors.noChoiceMatched,
          branch.explain("No choice matched, and there is no default."),
        );
      },
    };
  },
};
