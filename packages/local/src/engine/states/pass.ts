import { commonFields, resultFields, type StateType, transition } from "../state.ts";

/** Hands on its input, or its `Output`. */
export const pass: StateType = {
  fields: new Set([...commonFields, "Next", "End", "Output", "Assign"]),
  compile({ name, fields, outerVariables }) {
    const { next, targets, terminal } = transition(fields);
    const result = resultFields(fields, outerVariables);
    const { output, assign } = result;
    const plain = assign.length === 0 && (output === undefined || (output.constant && !output.tooLarge));
    return {
      name,
      type: "Pass",
      targets,
      terminal,
      run: (branch) =>
        plain
          ? branch.exit(next, output === undefined ? branch.input : output.value)
          : branch.leave(next, result, branch.input, {}),
    };
  },
};
