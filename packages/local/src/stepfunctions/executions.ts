import { randomUUID } from "node:crypto";
import {
  type Clock,
  type HistoryEvent,
  maxPayloadBytes,
  type Services,
  startExecution,
  type TaskTokens,
} from "../engine/index.ts";
import { ApiError } from "./api-error.ts";
import { type ExecutionRecord, executionRecord, type KnownExecution } from "./execution-record.ts";
import { isInMemory, KnownExecutions, type Retention } from "./known-executions.ts";
import { description, type MachineRecord, type Machines, unsupportedType } from "./machines.ts";
import { type MapRuns, statusOf } from "./map-runs.ts";
import { checkName, page, pagePosition, pageToken, type Request, seconds } from "./request.ts";
import { wireEvent } from "./wire-events.ts";

type Answer = Readonly<Record<string, unknown>>;

export interface ExecutionsOptions {
  readonly machines: Machines;
  readonly services: Services;
  readonly clock: Clock;
  readonly tokens: TaskTokens;
  readonly account: string;
  readonly region: string;
  readonly retention: Retention;
  readonly mapRuns: MapRuns;
  /** Called whenever an execution's status has changed, RUNNING included. */
  readonly statusChanged: (record: ExecutionRecord) => void;
  readonly onHistoryEvent: ((executionArn: string, event: HistoryEvent) => void) | undefined;
}

/** Statuses that ListExecutions can ask for. */
const statuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"] as const;

/** The executions of one account and region, and the API's actions on them. */
export class Executions {
  readonly #known: KnownExecutions;
  readonly #options: ExecutionsOptions;

  constructor(options: ExecutionsOptions) {
    this.#options = options;
    this.#known = new KnownExecutions(options.retention);
  }

  /** @throws ApiError InvalidArn, ExecutionDoesNotExist */
  get(arn: string): KnownExecution {
    if (!/^arn:[^:]+:states:[^:]*:[^:]*:(execution|express):.+$/.test(arn)) {
      throw new ApiError("InvalidArn", `Invalid Arn: '${arn}'`);
    }
    const known = this.#known.find(arn) ?? this.#options.mapRuns.child(arn);
    if (known !== undefined) return known;
    throw new ApiError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  }

  /** One that is in memory. */
  find(arn: string): ExecutionRecord | undefined {
    const known = this.#known.find(arn);
    return known !== undefined && isInMemory(known) ? known : undefined;
  }

  /** Those in memory: all that run, and those that ended lately; the oldest first. */
  inMemory(): Iterable<ExecutionRecord> {
    return this.#known.inMemory();
  }

  start(request: Request): Answer {
    const machine = this.#options.machines.active(request.string("stateMachineArn"));
    const name = checkName(request.optional("name") ?? randomUUID());
    const inputText = request.optional("input") ?? "{}";
    const input = parseInput(inputText);
    const { region, account } = this.#options;
    const arn = `arn:aws:states:${region}:${account}:execution:${machine.name}:${name}`;
    const existing = this.#known.find(arn);
    if (existing !== undefined) {
      // A repeated start of an execution that runs is the same start; a name is not used twice otherwise.
      if (existing.execution.status === "RUNNING" && existing.details().inputText === inputText)
        return started(existing);
      throw new ApiError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    }
    const record = this.#begin(machine, arn, name, input, inputText);
    this.#follow(record);
    return started(record);
  }

  #begin(
    machine: MachineRecord,
    arn: string,
    name: string,
    input: unknown,
    inputText: string,
  ): ExecutionRecord {
    const { services, clock, tokens, region, mapRuns, onHistoryEvent } = this.#options;
    const execution = startExecution(machine.machine, {
      arn,
      name,
      machineArn: machine.arn,
      roleArn: machine.roleArn,
      input,
      services,
      clock,
      tokens,
      region,
      mapRuns: mapRuns.observe(arn, machine),
      // AWS sets the history of an express execution no limit.
      ...(machine.type === "EXPRESS" ? { maxEvents: Number.POSITIVE_INFINITY } : {}),
      ...(onHistoryEvent === undefined ? {} : { onEvent: (event) => onHistoryEvent(arn, event) }),
    });
    return executionRecord(execution, machine, inputText);
  }

  /** Tells of the status now, and of the one that the execution ends with. */
  #follow(record: ExecutionRecord): void {
    const { statusChanged } = this.#options;
    this.#known.began(record);
    statusChanged(record);
    void record.execution.result.then(() => {
      this.#known.ended(record);
      statusChanged(record);
    });
  }

  describe(request: Request): Answer {
    const record = this.get(request.string("executionArn"));
    const { inputText, outcome } = record.details();
    const { status, reason } = record.redrivable();
    return {
      ...summary(record),
      input: inputText,
      inputDetails: { included: true },
      ...(outcome?.status === "SUCCEEDED"
        ? { output: JSON.stringify(outcome.output), outputDetails: { included: true } }
        : { error: outcome?.error, cause: outcome?.cause }),
      redriveStatus: status,
      ...(reason === undefined ? {} : { redriveStatusReason: reason }),
    };
  }

  describeMachine(request: Request): Answer {
    const { machine, execution } = this.get(request.string("executionArn"));
    const { mapRun } = execution.facts;
    const ofMapRun = { mapRunArn: mapRun?.arn, label: machine.name.split("/")[1] };
    return {
      ...description(machine),
      updateDate: seconds(machine.updatedAt),
      ...(mapRun === undefined ? {} : ofMapRun),
    };
  }

  list(request: Request): Answer {
    const all = this.#listed(request);
    const wanted = request.choice("statusFilter", statuses);
    const redriven = request.choice("redriveFilter", ["REDRIVEN", "NOT_REDRIVEN"]);
    const found = all.filter(
      (known) =>
        (wanted === undefined || wanted === statusOf(known)) &&
        (redriven === undefined || (redriven === "REDRIVEN") === known.execution.redriveCount > 0),
    );
    const { items, ...next } = page(found, request);
    const executions = items.map((known) => {
      const { mapRun } = known.execution.facts;
      return { ...summary(known), ...(mapRun === undefined ? {} : { itemCount: mapRun.items }) };
    });
    return { executions, ...next };
  }

  /** The executions of a machine, or the children of a Map Run; the newest first. */
  #listed(request: Request): KnownExecution[] {
    const mapRunArn = request.optional("mapRunArn");
    const machineArn = request.optional("stateMachineArn");
    if ((mapRunArn === undefined) === (machineArn === undefined)) {
      throw new ApiError(
        "ValidationException",
        "Exactly one of stateMachineArn and mapRunArn must be specified",
      );
    }
    if (mapRunArn !== undefined) return this.#options.mapRuns.children(mapRunArn);
    const machine = this.#options.machines.get(machineArn ?? "");
    if (machine.type === "EXPRESS") throw unsupportedType(machine.arn, "EXPRESS");
    return [...this.#known.all()].filter(({ machine: { arn } }) => arn === machine.arn).reverse();
  }

  stop(request: Request): Answer {
    const known = this.get(request.string("executionArn"));
    const { execution } = known;
    if (isInMemory(known))
      known.execution.stop(request.optional("error", 256), request.optional("cause", 32_768));
    return { stopDate: seconds(execution.stoppedAt ?? this.#options.clock.now()) };
  }

  redrive(request: Request): Answer {
    const record = this.get(request.string("executionArn"));
    const { status, reason } = record.redrivable();
    if (status === "REDRIVABLE_BY_MAP_RUN")
      throw new ApiError("ExecutionNotRedrivable", "Execution is redriven with the Map Run that started it");
    if (reason !== undefined || !isInMemory(record))
      throw new ApiError("ExecutionNotRedrivable", reason ?? "Execution is not in memory");
    record.execution.redrive();
    this.#follow(record);
    return { redriveDate: seconds(record.execution.redrivenAt ?? this.#options.clock.now()) };
  }

  history(request: Request): Answer {
    const { history } = this.get(request.string("executionArn")).details();
    const includeData = request.flag("includeExecutionData") ?? true;
    const reverse = request.flag("reverseOrder") ?? false;
    const size = request.maxResults();
    // Ids are positions, so a page that starts at an id stays where it is while the history grows.
    const start = pagePosition(request.optional("nextToken")) ?? (reverse ? history.length : 1);
    const events = reverse
      ? history.slice(Math.max(0, start - size), start).reverse()
      : history.slice(start - 1, start - 1 + size);
    const next = reverse ? start - size : start + size;
    const more = reverse ? next >= 1 : next <= history.length;
    return {
      events: events.map((event) => wireEvent(event, includeData)),
      ...(more ? { nextToken: pageToken(next) } : {}),
    };
  }
}

function started({ execution }: KnownExecution): Answer {
  return { executionArn: execution.facts.arn, startDate: seconds(execution.startedAt) };
}

function summary(known: KnownExecution): Answer {
  const { execution } = known;
  const { stoppedAt, redrivenAt } = execution;
  const { mapRun } = execution.facts;
  return {
    executionArn: execution.facts.arn,
    stateMachineArn: execution.facts.machineArn,
    name: execution.facts.name,
    status: statusOf(known),
    ...(mapRun === undefined ? {} : { mapRunArn: mapRun.arn }),
    startDate: seconds(execution.startedAt),
    ...(stoppedAt === undefined ? {} : { stopDate: seconds(stoppedAt) }),
    redriveCount: execution.redriveCount,
    ...(redrivenAt === undefined ? {} : { redriveDate: seconds(redrivenAt) }),
  };
}

/** @throws ApiError InvalidExecutionInput */
export function parseInput(text: string): unknown {
  if (Buffer.byteLength(text) > maxPayloadBytes) {
    throw new ApiError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: longer than ${maxPayloadBytes} bytes`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new ApiError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${why}'`);
  }
}
