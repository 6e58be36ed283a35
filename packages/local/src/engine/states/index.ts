import type { StateType } from "../state.ts";
import { choice } from "./choice.ts";
import { fail } from "./fail.ts";
import { map } from "./map.ts";
import { parallel } from "./parallel.ts";
import { pass } from "./pass.ts";
import { succeed } from "./succeed.ts";
import { task } from "./task.ts";
import { wait } from "./wait.ts";

/** The state types of Amazon States Language, by the name that `Type` gives them. */
export const stateTypes: ReadonlyMap<string, StateType> = new Map([
  ["Pass", pass],
  ["Task", task],
  ["Choice", choice],
  ["Wait", wait],
  ["Succeed", succeed],
  ["Fail", fail],
  ["Parallel", parallel],
  ["Map", map],
]);
