import { parseDefinition } from "../definition.ts";
import { Fields, isObject, isString, type JsonObject } from "../fields.ts";
import { InvalidDefinition } from "../invalid-definition.ts";
import { type Recovery, recoveryFields } from "../recovery.ts";
import type { State } from "../state.ts";
import { TestRefused } from "./test-refused.ts";

/** The state that a test runs. */
export interface StateUnderTest {
  readonly state: State;
  /** Its definition. */
  readonly source: JsonObject;
  /** What the states around it do with its failures, the innermost first. */
  readonly surrounding: readonly Recovery[];
  /** Whether it works on one item of a Map. */
  readonly inMap: boolean;
}

/** A state in a definition, with the states that it is inside of: the innermost last. */
interface Found {
  readonly source: JsonObject;
  /** `StartAt` and `States` of the flow that it is in. */
  readonly flow: JsonObject;
  readonly language: unknown;
  readonly parents: readonly JsonObject[];
}

/** What AWS calls a state that is given alone; also what `$states.context.State.Name` tells in every test. */
export const testedName = "StateName";

/**
 * Compiles the state to be tested: the definition itself, or the state with this name, at any depth of the machine.
 * @throws InvalidDefinition when AWS would refuse the definition, TestRefused when the machine has no such state
 */
export function compileStateUnderTest(definition: string, stateName: string | undefined): StateUnderTest {
  return stateName === undefined ? alone(definition) : ofMachine(definition, stateName);
}

function alone(definition: string): StateUnderTest {
  const source = parsed(definition);
  if (!isObject(source)) {
    const message = "The definition must be a JSON object";
    throw new InvalidDefinition([{ code: "INVALID_JSON_DESCRIPTION", location: "/", message }]);
  }
  if (!("Type" in source) && "States" in source) {
    throw new TestRefused(
      "The definition is a state machine: stateName must say which of its states to test",
    );
  }
  // A state leads to others, which a test never reaches.
  const targets = targetsOf(source);
  const stub = { Type: "Succeed", QueryLanguage: "JSONata" };
  let name = testedName;
  while (targets.includes(name)) name += "'";
  const states = { [name]: source, ...Object.fromEntries(targets.map((target) => [target, stub])) };
  try {
    const machine = parseDefinition({ StartAt: name, States: states });
    return { state: stateOf(machine.states, name), source, surrounding: [], inMap: false };
  } catch (thrown) {
    if (!(thrown instanceof InvalidDefinition)) throw thrown;
    const prefix = `/States/${name}`;
    throw new InvalidDefinition(
      thrown.diagnostics.map((found) => ({
        ...found,
        location: found.location?.startsWith(prefix)
          ? found.location.slice(prefix.length) || "/"
          : found.location,
      })),
    );
  }
}

function ofMachine(definition: string, stateName: string): StateUnderTest {
  const machine = parseDefinition(definition);
  const root = parsed(definition);
  const found = isObject(root) ? find(root, stateName, root.QueryLanguage, []) : undefined;
  if (found === undefined) throw new TestRefused("State not found in definition");
  const { source, flow, language, parents } = found;
  const { StartAt, States } = flow;
  const states =
    parents.length === 0
      ? machine.states
      : parseDefinition({ QueryLanguage: language, StartAt, States }).states;
  const recoveryOf = (parent: JsonObject) => recoveryFields(new Fields(parent, "", []), new Set());
  return {
    state: stateOf(states, stateName),
    source,
    surrounding: parents.map(recoveryOf).reverse(),
    inMap: parents.some(({ Type }) => Type === "Map"),
  };
}

function find(
  flow: JsonObject,
  name: string,
  language: unknown,
  parents: readonly JsonObject[],
): Found | undefined {
  const states = isObject(flow.States) ? flow.States : {};
  const source = Object.hasOwn(states, name) ? states[name] : undefined;
  if (isObject(source)) return { source, flow, language, parents };
  for (const state of Object.values(states)) {
    if (!isObject(state)) continue;
    for (const inner of flowsIn(state)) {
      const found = find(inner, name, state.QueryLanguage ?? language, [...parents, state]);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The branches of a Parallel state, or the processor of a Map, as they are defined. */
export function flowsIn(state: JsonObject): readonly JsonObject[] {
  const branches: readonly unknown[] = Array.isArray(state.Branches) ? state.Branches : [];
  return [...branches, state.ItemProcessor].filter(isObject);
}

/** Whether a state with this name is in one of the flows, at any depth. */
export function contains(flows: readonly JsonObject[], name: string): boolean {
  return flows.some((flow) => find(flow, name, undefined, []) !== undefined);
}

function targetsOf(source: JsonObject): string[] {
  const lists = [source.Choices, source.Catch].flatMap((list): unknown[] =>
    Array.isArray(list) ? list : [],
  );
  const nexts = [source, ...lists.filter(isObject)].map(({ Next }) => Next);
  return [...nexts, source.Default].filter(isString);
}

function stateOf(states: ReadonlyMap<string, State>, name: string): State {
  const state = states.get(name);
  if (state === undefined) throw new TestRefused("State not found in definition");
  return state;
}

/** The parsed text; undefined when it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
