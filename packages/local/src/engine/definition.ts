import { Fields, isObject } from "./fields.ts";
import { type Diagnostic, InvalidDefinition } from "./invalid-definition.ts";
import type { Flow, State } from "./state.ts";
import { stateTypes } from "./states/index.ts";

/** A compiled state machine. Immutable; any number of executions share it. */
export interface Machine extends Flow {
  readonly comment: string | undefined;
  readonly timeoutSeconds: number | undefined;
}

/** AWS's quota for the JSON text of a definition, in bytes. */
const maxDefinitionBytes = 1_048_576;
const machineFields = new Set(["Comment", "StartAt", "States", "QueryLanguage", "TimeoutSeconds", "Version"]);
const branchFields = new Set(["Comment", "StartAt", "States"]);
const processorFields = new Set([...branchFields, "ProcessorConfig"]);
const noVariables: ReadonlySet<string> = new Set();

/**
 * Compiles a definition in JSONata: the JSON text of it, or the parsed object.
 * @throws InvalidDefinition telling the path and reason of everything that AWS would refuse, and of JSONPath
 */
export function parseDefinition(definition: unknown, type: "STANDARD" | "EXPRESS" = "STANDARD"): Machine {
  const problems: Diagnostic[] = [];
  const fields = new Fields(readObject(definition), "", problems);
  fields.refuseAllBut(machineFields);
  const language = fields.string("QueryLanguage") ?? "JSONPath";
  if (language !== "JSONata" && language !== "JSONPath") {
    fields.note("The value must be 'JSONata' or 'JSONPath'", "QueryLanguage");
  }
  const comment = fields.string("Comment");
  if ((fields.string("Version") ?? "1.0") !== "1.0") fields.note("The value must be '1.0'", "Version");
  const timeoutSeconds = fields.number("TimeoutSeconds", 1, 99_999_999);
  const compiler = new Compiler(type, language);
  const flow = compiler.flow(fields, noVariables);
  if (problems.length > 0) throw new InvalidDefinition(problems);
  return { ...flow, comment, timeoutSeconds };
}

function readObject(definition: unknown): Readonly<Record<string, unknown>> {
  const refuse = (message: string): never => {
    throw new InvalidDefinition([{ code: "INVALID_JSON_DESCRIPTION", location: "/", message }]);
  };
  let value = definition;
  if (typeof definition === "string") {
    try {
      value = JSON.parse(definition);
    } catch (thrown) {
      refuse(`The definition is not JSON: ${thrown instanceof Error ? thrown.message : thrown}`);
    }
  }
  if (!isObject(value)) return refuse("The definition must be a JSON object");
  const text = typeof definition === "string" ? definition : JSON.stringify(value);
  if (Buffer.byteLength(text) > maxDefinitionBytes)
    refuse(`The definition is longer than ${maxDefinitionBytes} bytes`);
  return value;
}

class Compiler {
  /** Whether what is being compiled runs as an express execution; the children of a map may, in a standard machine. */
  #express: boolean;
  readonly #language: string;
  /** What states have that do not say. */
  #inherited: string;
  /** State names are unique in the whole machine. */
  readonly #names = new Set<string>();

  constructor(type: "STANDARD" | "EXPRESS", language: string) {
    this.#express = type === "EXPRESS";
    this.#language = language;
    this.#inherited = language;
  }

  flow(fields: Fields, outerVariables: ReadonlySet<string>): Flow {
    fields.required(...["StartAt", "States"].filter((name) => !fields.has(name)));
    const startAt = fields.string("StartAt") ?? "";
    const source = fields.object("States");
    const states = new Map<string, State>();
    const visible = new Set([...outerVariables, ...assignedIn(source)]);
    for (const name of Object.keys(source?.value ?? {})) {
      const state = source?.object(name);
      const compiled =
        state &&
        this.#state(name, new Fields(state.value, state.path, state.problems), {
          outerVariables,
          visible,
        });
      if (compiled !== undefined) states.set(name, compiled);
    }
    if (source !== undefined && fields.has("StartAt"))
      this.#checkTransitions(fields, source, startAt, states);
    return { startAt, states };
  }

  #state(
    name: string,
    fields: Fields,
    scope: { outerVariables: ReadonlySet<string>; visible: ReadonlySet<string> },
  ): State | undefined {
    if (name.length > 80) fields.note("State names have at most 80 characters");
    if (this.#names.has(name)) fields.note(`The state name '${name}' is used more than once`);
    this.#names.add(name);
    fields.string("Comment");
    const type = stateTypes.get(fields.string("Type") ?? "");
    if (type === undefined) {
      fields.note(fields.has("Type") ? "Not a state type" : "These fields are required: [Type]", "Type");
      return undefined;
    }
    const language = fields.string("QueryLanguage") ?? this.#inherited;
    if (language === "JSONPath" && this.#language === "JSONata") {
      fields.note("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
      return undefined;
    }
    if (language !== "JSONata") {
      fields.note("The query language JSONPath is not supported here: set 'QueryLanguage' to 'JSONata'");
      return undefined;
    }
    fields.refuseAllBut(type.fields);
    this.#checkExpress(fields);
    return type.compile({
      name,
      fields,
      outerVariables: scope.outerVariables,
      flow: (inner, of) => {
        inner.refuseAllBut(of === "branch" ? branchFields : processorFields);
        const outside = this.#inherited;
        this.#inherited = language;
        const flow = of === "children" ? this.#children(fields, inner) : this.flow(inner, scope.visible);
        this.#inherited = outside;
        return flow;
      },
    });
  }

  /** The processor of a Distributed Map: its executions see no variables, and may be of another type. */
  #children(map: Fields, processor: Fields): Flow {
    const outside = this.#express;
    if (outside) map.note("Express state machines do not support Distributed Map states", "ItemProcessor");
    this.#express = outside || Object(processor.value.ProcessorConfig).ExecutionType === "EXPRESS";
    const flow = this.flow(processor, noVariables);
    this.#express = outside;
    return flow;
  }

  #checkExpress(fields: Fields): void {
    const resource = this.#express ? fields.value.Resource : undefined;
    const pattern =
      typeof resource === "string" ? /\.(waitForTaskToken|sync)(:2)?$/.exec(resource)?.[1] : undefined;
    if (pattern === undefined) return;
    fields.note(`Express state machine does not support '.${pattern}' service integration`, "Resource");
  }

  #checkTransitions(
    fields: Fields,
    source: Fields,
    startAt: string,
    states: ReadonlyMap<string, State>,
  ): void {
    const code = "MISSING_TRANSITION_TARGET";
    if (!source.has(startAt)) fields.note(`Missing 'Next' target: ${startAt}`, "StartAt", code);
    for (const { name, targets } of states.values()) {
      for (const target of targets) {
        if (source.has(target.name)) continue;
        source.note(`Missing 'Next' target: ${target.name}`, `${name}/${target.field}`, code);
      }
    }
    // A state that did not compile hides where it leads to, and whether it ends the flow.
    if (states.size < Object.keys(source.value).length) return;
    if (![...states.values()].some(({ terminal }) => terminal)) {
      fields.problems.push({
        code: "MISSING_END_STATE",
        location: undefined,
        message: "Workflow has no terminal state",
      });
      return;
    }
    if (!source.has(startAt)) return;
    const reached = new Set<string>();
    const open = [startAt];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      for (const target of states.get(name)?.targets ?? []) open.push(target.name);
    }
    for (const name of states.keys()) {
      if (!reached.has(name)) source.note(`State "${name}" is not reachable.`, name, code);
    }
  }
}

/** Names that the states of a flow assign, those of catchers and Choice rules included. */
function assignedIn(states: Fields | undefined): Set<string> {
  const names = new Set<string>();
  const collect = (value: unknown) => {
    if (!isObject(value)) return;
    if (isObject(value.Assign)) for (const name of Object.keys(value.Assign)) names.add(name);
    for (const list of [value.Catch, value.Choices]) if (Array.isArray(list)) list.forEach(collect);
  };
  Object.values(states?.value ?? {}).forEach(collect);
  return names;
}
