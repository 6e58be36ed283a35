import {
  type DescribedExecution,
  type ExecutionsPort,
  executionArn,
  type HistoryEvent,
  InvalidPageToken,
  NameTaken,
  NotRedrivable,
} from "../../packages/runtime/src/executions/index.ts";

export const machines = {
  "raw-to-curated": "arn:aws:states:us-east-1:000000000000:stateMachine:raw-to-curated",
  reconcile: "arn:aws:states:us-east-1:000000000000:stateMachine:reconcile",
  "digital-dna": "arn:aws:states:us-east-1:000000000000:stateMachine:digital-dna",
  "on-failure": "arn:aws:states:us-east-1:000000000000:stateMachine:on-failure",
};

/** Step Functions in memory, with its rules about names, pages and redrives. Nothing runs. */
export class FakePort implements ExecutionsPort {
  readonly executions = new Map<string, DescribedExecution>();
  readonly histories = new Map<string, HistoryEvent[]>();
  /** Executions in one answer of Step Functions, whatever is asked for. */
  pageSize = 100;
  /** Thrown by the next call instead of an answer. */
  fault: Error | undefined;
  /** Milliseconds since the epoch; every start is one later. */
  now = Date.UTC(2026, 0, 1);

  add(machine: string, name: string, more: Partial<DescribedExecution> = {}): DescribedExecution {
    const execution: DescribedExecution = {
      arn: executionArn(machine, name),
      name,
      status: "RUNNING",
      startedAt: new Date(this.now++),
      stoppedAt: undefined,
      redriveCount: 0,
      input: "{}",
      output: undefined,
      error: undefined,
      cause: undefined,
      redrivable: false,
      ...more,
    };
    this.executions.set(execution.arn, execution);
    return execution;
  }

  #fail(): void {
    const { fault } = this;
    this.fault = undefined;
    if (fault !== undefined) throw fault;
  }

  async start(machine: string, name: string, input: string) {
    this.#fail();
    const known = this.executions.get(executionArn(machine, name));
    if (known !== undefined && (known.status !== "RUNNING" || known.input !== input))
      throw new NameTaken(`The name "${name}" is taken.`);
    const { arn, startedAt } = known ?? this.add(machine, name, { input });
    return { arn, startedAt };
  }

  async list(machine: string, request: { status?: string | undefined; token: string | undefined }) {
    this.#fail();
    const own = [...this.executions.values()]
      .filter(({ arn, status }) => {
        return arn.startsWith(executionArn(machine, "")) && (request.status ?? status) === status;
      })
      .reverse();
    // As on AWS a token stands for a place in the list, not for a count of what came before.
    const after = request.token === undefined ? -1 : own.findIndex(({ arn }) => arn === request.token);
    if (request.token !== undefined && after === -1) throw new InvalidPageToken();
    const executions = own.slice(after + 1, after + 1 + this.pageSize);
    const more = after + 1 + this.pageSize < own.length;
    return { executions, token: more ? executions.at(-1)?.arn : undefined };
  }

  async describe(arn: string) {
    this.#fail();
    return this.executions.get(arn);
  }

  async history(arn: string) {
    return this.histories.get(arn) ?? [];
  }

  async redrive(arn: string) {
    const known = this.executions.get(arn);
    if (known === undefined) return undefined;
    if (!known.redrivable) throw new NotRedrivable(`Execution is ${known.status} and cannot be redriven`);
    return new Date(this.now);
  }
}
