import { contextObject, type MapItem } from "./context.ts";
import { unsure } from "./direct-evaluation.ts";
import { Interrupted, StateFailure, stateErrors } from "./failures.ts";
import type { EventDetails } from "./history.ts";
import type { MapRun } from "./map-run/map-run.ts";
import { checkPayload, checkVariables } from "./payload.ts";
import type { Run } from "./run.ts";
import type { Assignments, Flow, Result, State, Step } from "./state.ts";
import { EvaluationError, evaluateTyped, type Frame, type Template, type Typed } from "./template.ts";
import { timeFunctions } from "./time-functions.ts";

/** What an expression sees beside the input, variables and context. */
export interface Extra {
  readonly result?: unknown;
  readonly errorOutput?: unknown;
  /** The item of a Map that its ItemSelector is evaluated for. */
  readonly item?: MapItem;
}

const nothing: Extra = {};

/** What a Parallel or Map state has done so far, kept for a redrive. */
export interface Progress {
  /** Items of a Map; undefined for Parallel. */
  readonly items: readonly unknown[] | undefined;
  /** One for each branch or item that has started. */
  readonly children: (Branch | undefined)[];
  /** Of a Distributed Map. */
  readonly mapRun?: MapRun;
}

/**
 * One thread of an execution: the machine itself, a branch of a Parallel state, or one item of a Map. It knows the
 * state that it is in, and therefore is also what a redrive resumes from.
 */
export class Branch {
  readonly run: Run;
  readonly flow: Flow;
  readonly item: MapItem | undefined;
  /** The last event of this thread: what its next event names as previous. */
  previous: number;
  signal: AbortSignal;
  input: unknown;
  at: State | undefined;
  enteredId = 0;
  enteredTime = 0;
  retryCount = 0;
  token: string | undefined;
  progress: Progress | undefined;
  /** Set once the flow has ended well. */
  output: { readonly value: unknown } | undefined;
  /** Set by a redrive: the state at which the branch stands was entered before. */
  resumed = false;
  #variables: Readonly<Record<string, unknown>>;
  #enteredPrevious = 0;
  #context: unknown;

  constructor(of: {
    run: Run;
    flow: Flow;
    input: unknown;
    previous: number;
    signal: AbortSignal;
    variables?: Readonly<Record<string, unknown>>;
    item?: MapItem | undefined;
  }) {
    this.run = of.run;
    this.flow = of.flow;
    this.input = of.input;
    this.previous = of.previous;
    this.signal = of.signal;
    this.item = of.item;
    this.#variables = of.variables ?? {};
  }

  get variables(): Readonly<Record<string, unknown>> {
    return this.#variables;
  }

  /** Adds the next event of this thread. @throws Interrupted when the thread is no longer wanted */
  emit(type: string, details?: EventDetails): number {
    this.checkpoint();
    this.previous = this.run.history.append(type, this.previous, details);
    return this.previous;
  }

  /** Adds an event on which nothing follows. */
  emitAside(type: string, details?: EventDetails, previous: number = this.previous): number {
    this.checkpoint();
    return this.run.history.append(type, previous, details);
  }

  /** @throws Interrupted when the thread is no longer wanted */
  checkpoint(): void {
    if (this.signal.aborted) throw new Interrupted();
  }

  enter(state: State): void {
    this.at = state;
    this.#context = undefined;
    this.retryCount = 0;
    this.token = undefined;
    this.progress = undefined;
    this.#enteredPrevious = this.previous;
    this.enteredTime = this.run.clock.now();
    this.enteredId = this.emit(`${state.type}StateEntered`, { name: state.name, input: this.input });
  }

  /** Goes back to the state at which the branch stopped, which stays entered. */
  reenter(): void {
    this.#context = undefined;
    this.retryCount = 0;
    this.token = undefined;
  }

  /** A change that `$states.context` shows has happened. */
  changed(): void {
    this.#context = undefined;
  }

  /** Ends the state: evaluates its Output and Assign (both see the variables of before), and emits its exit. */
  leave(next: string | undefined, result: Result, fallback: unknown, extra: Extra): Step | Promise<Step> {
    const output = result.output === undefined ? fallback : this.#direct(result.output, extra);
    const values = output === unsure ? unsure : this.#directValues(result.assign, extra);
    if (values === unsure) return this.#leaveLater(next, result, fallback, extra);
    if (result.output !== undefined) this.#check(result.output, output);
    return this.exit(next, output, values === undefined ? undefined : this.#checkAssigned(values));
  }

  async #leaveLater(
    next: string | undefined,
    result: Result,
    fallback: unknown,
    extra: Extra,
  ): Promise<Step> {
    const output = result.output === undefined ? fallback : await this.payload(result.output, extra);
    const assigned = result.assign.length === 0 ? undefined : await this.#assign(result.assign, extra);
    return this.exit(next, output, assigned);
  }

  /** Emits the exit of the state. */
  exit(next: string | undefined, output: unknown, assigned?: Readonly<Record<string, unknown>>): Step {
    const state = this.at;
    const name = state?.name ?? "";
    this.emit(
      `${state?.type}StateExited`,
      assigned === undefined ? { name, output } : { name, output, assignedVariables: assigned },
    );
    if (assigned !== undefined) this.#variables = { ...this.#variables, ...assigned };
    return { next, output };
  }

  async #assign(assignments: Assignments, extra: Extra): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, template] of assignments) values[name] = await this.evaluate(template, extra);
    return this.#checkAssigned(values);
  }

  #directValues(assignments: Assignments, extra: Extra): Record<string, unknown> | typeof unsure | undefined {
    if (assignments.length === 0) return undefined;
    const values: Record<string, unknown> = {};
    for (const [name, template] of assignments) {
      values[name] = this.#direct(template, extra);
      if (values[name] === unsure) return unsure;
    }
    return values;
  }

  #checkAssigned(values: Record<string, unknown>): Record<string, unknown> {
    checkPayload(values, this.at?.name ?? "");
    checkVariables({ ...this.#variables, ...values }, this.at?.name ?? "");
    return values;
  }

  /** Evaluates a field whose value goes out of the state, within the payload quota. */
  async payload(template: Template, extra: Extra = nothing): Promise<unknown> {
    const value = await this.evaluate(template, extra);
    this.#check(template, value);
    return value;
  }

  #check(template: Template, value: unknown): void {
    if (template.tooLarge || !template.constant) checkPayload(value, this.at?.name ?? "");
  }

  /** The value of a field where it is certain at once; else `unsure`. Spares the commonest fields their promises. */
  #direct(template: Template, extra: Extra): unknown {
    return template.constant ? template.value : template.direct(this.#frame(extra));
  }

  /** @throws StateFailure `States.QueryEvaluationError`, after its event */
  async evaluate(template: Template, extra: Extra = nothing): Promise<unknown> {
    if (template.constant) return template.value;
    try {
      return await template.evaluate(this.#frame(extra));
    } catch (thrown) {
      throw this.evaluationFailure(thrown);
    }
  }

  /** As `evaluate`, for a field of one type; undefined when the field is absent. */
  typed<T>(field: Typed<T> | undefined, extra: Extra = nothing): Promise<T | undefined> | T | undefined {
    if (field === undefined) return undefined;
    const value = this.#direct(field.template, extra);
    return field.accepts(value) ? value : this.#typedLater(field, extra);
  }

  async #typedLater<T>(field: Typed<T>, extra: Extra): Promise<T> {
    try {
      return await evaluateTyped(field, this.#frame(extra));
    } catch (thrown) {
      throw this.evaluationFailure(thrown);
    }
  }

  /** Emits EvaluationFailed for an EvaluationError and returns the failure; anything else is returned as it is. */
  evaluationFailure(thrown: unknown, afterEntry = false): unknown {
    if (!(thrown instanceof EvaluationError)) return thrown;
    const state = this.at?.name ?? "";
    const cause = this.explain(thrown.message);
    const error = stateErrors.queryEvaluation;
    // AWS hangs an evaluation that fails right at the entry on the event before the entry, as both are one step.
    if (this.previous === this.enteredId && !afterEntry) this.previous = this.#enteredPrevious;
    const { location } = thrown;
    this.emit("EvaluationFailed", { error, cause, state, ...(location === undefined ? {} : { location }) });
    return new StateFailure(error, cause);
  }

  /** AWS's sentence around a failure of the interpreter itself; a state that is tested alone has none around it. */
  explain(message: string): string {
    if (this.run.trial !== undefined) return message;
    return `An error occurred while executing the state '${this.at?.name}' (entered at the event id #${this.enteredId}). ${message}`;
  }

  #frame({ item, ...extra }: Extra): Frame {
    return {
      bindings: ({ usesContext, usesTime }) => {
        const states: Record<string, unknown> = { input: this.input, ...extra };
        if (usesContext && item !== undefined) states.context = contextObject(this, item);
        else if (usesContext) {
          this.#context ??= contextObject(this, this.item);
          states.context = this.#context;
        }
        const time = usesTime ? timeFunctions(this.run.clock) : undefined;
        return { ...time, ...this.#variables, states };
      },
    };
  }
}

/** Sets a branch up to begin, or to go on from where it stands, after an event. */
export function resume(branch: Branch, previous: number, signal: AbortSignal): Branch {
  branch.resumed = branch.at !== undefined;
  branch.previous = previous;
  branch.signal = signal;
  return branch;
}
