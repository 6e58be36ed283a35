import type { Branch } from "./branch.ts";
import type { Fields } from "./fields.ts";
import type { Template } from "./template.ts";

/** Where a state leads: the next state (none at the end of the flow) and what it hands on. */
export interface Step {
  readonly next: string | undefined;
  readonly output: unknown;
}

/** A compiled state. Runs without reading the definition again. */
export interface State {
  readonly name: string;
  readonly type: string;
  /** Every state that this one can lead to, with the field that says so: for the checks of a flow. */
  readonly targets: readonly Target[];
  /** Whether it ends the flow by itself or by `End`. */
  readonly terminal: boolean;
  /**
   * Runs the state that the branch has just entered. Emits its events, its exit included.
   * @throws StateFailure when it fails and nothing catches it
   */
  run(branch: Branch): Promise<Step> | Step;
}

export interface Target {
  readonly name: string;
  /** Path below the state, such as `Choices[0]/Next`. */
  readonly field: string;
}

/** A set of states that starts at one: a machine, a branch of Parallel, an item processor of Map. */
export interface Flow {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** What a state type is given to compile a state. */
export interface Source {
  readonly name: string;
  readonly fields: Fields;
  /** Variables that enclosing flows assign: an inner flow may read but not assign them. */
  readonly outerVariables: ReadonlySet<string>;
  /** Compiles a flow inside the state: a branch of Parallel, or the processor of a Map. Children see no outer variables. */
  readonly flow: (fields: Fields, of: "branch" | "items" | "children") => Flow;
}

/** One of the eight types. */
export interface StateType {
  readonly fields: ReadonlySet<string>;
  compile(source: Source): State;
}

/** Fields that every state may have. */
export const commonFields = ["Type", "Comment", "QueryLanguage"] as const;

/** `Next` or `End`, exactly one of them. */
export function transition(
  fields: Fields,
): Pick<State, "targets" | "terminal"> & { next: string | undefined } {
  const next = fields.string("Next");
  const end = fields.boolean("End") === true;
  if (next !== undefined && end) fields.note("'Next' and 'End' exclude each other");
  if (next === undefined && !end) fields.note("One of 'Next' and 'End' is required");
  return {
    next,
    terminal: next === undefined,
    targets: next === undefined ? [] : [{ name: next, field: "Next" }],
  };
}

/** Variables to set: each name with its template. */
export type Assignments = readonly (readonly [string, Template])[];

/** What becomes of a result: `Output` and `Assign`, of a state, a Choice rule or a catcher. */
export interface Result {
  readonly output: Template | undefined;
  readonly assign: Assignments;
}

/** As AWS: a Unicode identifier of at most 80 characters; `states` is taken. */
const variableName = /^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u;

/** States whose `Output` and `Assign` see a result. */
const withResult: ReadonlySet<unknown> = new Set(["Task", "Parallel", "Map"]);

export function resultFields(fields: Fields, outerVariables: ReadonlySet<string>): Result {
  const ofState = withResult.has(fields.value.Type) ? "result" : "input";
  const sees = fields.has("ErrorEquals") ? "errorOutput" : ofState;
  const assign = fields.object("Assign");
  const assignments = Object.keys(assign?.value ?? {}).flatMap((name) => {
    if (name === "states" || !variableName.test(name)) assign?.note("Not a valid variable name", name);
    if (outerVariables.has(name))
      assign?.note("An inner scope cannot assign a variable of an outer scope", name);
    const template = assign?.template(name, sees);
    return template === undefined ? [] : [[name, template] as const];
  });
  return { output: fields.template("Output", sees), assign: assignments };
}
