/** Cases that cannot pass, by id, each with its reason. A listed case that passes fails the run. */
export const exceptions: Readonly<Record<string, string>> = {};

/** Kinds of cases that nothing here can run yet. */
export const notYet: Readonly<Record<string, string>> = {
  "test-state": "the TestState API comes with the completion of the interpreter",
};
