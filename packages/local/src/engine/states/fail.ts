import { StateFailure } from "../failures.ts";
import { isString } from "../fields.ts";
import { commonFields, type StateType } from "../state.ts";

/** Ends its flow badly, with an error and a cause of its own. */
export const fail: StateType = {
  fields: new Set([...commonFields, "Error", "Cause"]),
  compile({ name, fields }) {
    const error = fields.typed("Error", isString, "string");
    const cause = fields.typed("Cause", isString, "string");
    return {
      name,
      type: "Fail",
      targets: [],
      terminal: true,
      run: async (branch) => {
        throw new StateFailure(await branch.typed(error), await branch.typed(cause));
      },
    };
  },
};
