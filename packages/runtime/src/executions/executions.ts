import { randomUUID } from "node:crypto";
import {
  type Execution,
  type ExecutionPage,
  ExecutionStatus,
  type ExecutionSummary,
  type RedrivenExecution,
} from "@penstock/contracts";
import * as v from "valibot";
import { canonical } from "./canonical.ts";
import { NameTaken, UnknownExecution, UnknownWorkflow } from "./errors.ts";
import { executionArn, executionId, type Machines, parseExecutionId } from "./execution-id.ts";
import { mergedList } from "./merged-list.ts";
import type { DescribedExecution, ExecutionsPort, ListedExecution } from "./port.ts";
import { timeline } from "./timeline.ts";
import { readableCause, withoutTraces } from "./without-traces.ts";

/** An event of EventBridge about an execution, of what is read of it. */
const AboutExecution = v.object({ detail: v.object({ stateMachineArn: v.string() }) });

export interface ListQuery {
  /** Only of this workflow. */
  readonly workflow?: string | undefined;
  readonly status?: ExecutionStatus | undefined;
  /** At most so many. */
  readonly limit: number;
  readonly token?: string | undefined;
}

/**
 * The executions of some state machines, as people see them: over the API and on the command line. Everything that
 * goes wrong is thrown by a name of `errors.ts` in this folder, or of the runtime's own.
 */
export class Executions {
  readonly #port: ExecutionsPort;
  readonly #machines: Machines;

  constructor(port: ExecutionsPort, machines: Machines) {
    this.#port = port;
    this.#machines = machines;
  }

  /** Every workflow that has a machine, by name. */
  get workflows(): string[] {
    return Object.keys(this.#machines).sort();
  }

  /**
   * Starts an execution, or finds the one that was started by the same key with the same input: running or ended,
   * once is enough. Step Functions alone would refuse the second start once the first execution has ended.
   *
   * @param input already checked by the workflow's contract
   * @param key the execution's name; one of its own when not given
   * @throws {UnknownWorkflow} {@link NameTaken} when the key stands for another input {@link InvalidExecution}
   */
  async start(workflow: string, input: unknown, key?: string): Promise<ExecutionSummary> {
    const machine = this.#machine(workflow);
    const name = key ?? randomUUID();
    const text = canonical(input);
    try {
      const { arn, startedAt } = await this.#port.start(machine, name, text);
      const fresh = { arn, name, status: "RUNNING", startedAt, stoppedAt: undefined, redriveCount: 0 };
      return summary(workflow, fresh);
    } catch (error) {
      if (!(error instanceof NameTaken)) throw error;
      const known = await this.#port.describe(executionArn(machine, name));
      if (known === undefined || known.input === undefined || canonical(JSON.parse(known.input)) !== text)
        throw error;
      return summary(workflow, known);
    }
  }

  /** One page, the latest start first. @throws {UnknownWorkflow} {@link InvalidPageToken} */
  async list({ workflow, status, limit, token }: ListQuery): Promise<ExecutionPage> {
    const machines = workflow === undefined ? this.#machines : { [workflow]: this.#machine(workflow) };
    const page = await mergedList(this.#port, machines, { status, token, limit });
    return {
      executions: page.found.map((each) => summary(each.workflow, each.execution)),
      next_token: page.token ?? null,
    };
  }

  /**
   * An execution with its states and their times. Of one that is about an execution of another machine than these, what it
   * was given and what came of it are left out: the other's input is among it. @throws {UnknownExecution}
   */
  async show(id: string): Promise<Execution> {
    const { workflow, described } = await this.#find(id);
    const history = await this.#port.history(described.arn);
    if (history === undefined) throw new UnknownExecution(id);
    const told = this.#mayTell(described.input);
    return {
      ...summary(workflow, described),
      input: told ? parsed(described.input) : null,
      output: told ? parsed(described.output) : null,
      error: described.error ?? null,
      cause: told && described.cause !== undefined ? readableCause(described.cause) : null,
      redrivable: described.redrivable,
      states: timeline(history, described.stoppedAt),
    };
  }

  /** An execution without its states. @throws {UnknownExecution} */
  async status(id: string): Promise<ExecutionSummary> {
    const { workflow, described } = await this.#find(id);
    return summary(workflow, described);
  }

  /**
   * Takes an execution up again at the states that failed. Not to be repeated: the second is refused, as the first
   * one runs. @throws {UnknownExecution} {@link NotRedrivable}
   */
  async redrive(id: string): Promise<RedrivenExecution> {
    const { described } = await this.#find(id);
    const at = await this.#port.redrive(described.arn);
    if (at === undefined) throw new UnknownExecution(id);
    return { id, arn: described.arn, redriven_at: at.toISOString() };
  }

  /** @throws {UnknownWorkflow} when there is no machine of that workflow, with those there are */
  require(workflow: string): void {
    this.#machine(workflow);
  }

  /** Whether an input is no event about another's execution, or about one of these machines. */
  #mayTell(input: string | undefined): boolean {
    const event = v.safeParse(AboutExecution, input === undefined ? undefined : JSON.parse(input));
    return !event.success || Object.values(this.#machines).includes(event.output.detail.stateMachineArn);
  }

  #machine(workflow: string): string {
    const machine = Object.hasOwn(this.#machines, workflow) ? this.#machines[workflow] : undefined;
    if (machine === undefined) throw new UnknownWorkflow(workflow, this.workflows);
    return machine;
  }

  async #find(id: string): Promise<{ workflow: string; described: DescribedExecution }> {
    const found = parseExecutionId(id, this.#machines);
    const described = found && (await this.#port.describe(executionArn(found.machine, found.name)));
    if (found === undefined || described === undefined) throw new UnknownExecution(id);
    return { workflow: found.workflow, described };
  }
}

function summary(workflow: string, execution: ListedExecution): ExecutionSummary {
  const { arn, name, status, startedAt, stoppedAt, redriveCount } = execution;
  return {
    id: executionId(workflow, name),
    pipeline: workflow,
    name,
    arn,
    status: v.parse(ExecutionStatus, status),
    started_at: startedAt.toISOString(),
    stopped_at: stoppedAt?.toISOString() ?? null,
    redrives: redriveCount,
  };
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? null : withoutTraces(JSON.parse(text));
}
