/** Cases that cannot pass, by id, each with its reason. A listed case that passes fails the run. */
export const exceptions: Readonly<Record<string, string>> = {
  "assign/assign_reference_variables::reference_in_map_state[MAP_STATE_REFERENCE_IN_TOLERATED_FAILURE_PATH]~jsonata":
    "translated: the JSONPath form reads the string '1' as a number, a JSONata field wants a number",
  "local_mocking/base_scenarios::parallel_state_lambda~jsonata":
    "the recording hides two outputs behind a text that its wildcards do not list",
};
