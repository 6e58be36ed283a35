import { commonFields, resultFields, type StateType } from "../state.ts";

/** Ends its flow well. */
export const succeed: StateType = {
  fields: new Set([...commonFields, "Output"]),
  compile({ name, fields, outerVariables }) {
    const result = resultFields(fields, outerVariables);
    return {
      name,
      type: "Succeed",
      targets: [],
      terminal: true,
      run: (branch) => branch.leave(undefined, result, branch.input, {}),
    };
  },
};
