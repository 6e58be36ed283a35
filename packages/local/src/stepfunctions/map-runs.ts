import type { Execution, MapRun, MapRunObserver, Status } from "../engine/index.ts";
import { ApiError } from "./api-error.ts";
import { ChildRecord } from "./child-record.ts";
import type { ExecutionRecord, KnownExecution } from "./execution-record.ts";
import { KnownExecutions, type Retention } from "./known-executions.ts";
import type { MachineRecord } from "./machines.ts";
import { page, type Request, seconds } from "./request.ts";

type Answer = Readonly<Record<string, unknown>>;

/** So many Map Runs that have ended are known, and so many of their children in memory, of each way to end. */
const keptAtMost = 1000;

interface Known {
  readonly mapRun: MapRun;
  /** The execution that somebody started, and that it is in, maybe inside of a child. */
  readonly root: string;
  /** The machine whose execution started it. */
  readonly parent: MachineRecord;
  /** The machine that its children are executions of. */
  readonly machine: MachineRecord;
}

/** The Map Runs of one account and region, their child executions, and the API's actions on them. */
export class MapRuns {
  readonly #byArn = new Map<string, Known>();
  readonly #children: KnownExecutions;
  readonly #childChanged: (record: ExecutionRecord) => void;
  readonly #inMemory: (executionArn: string) => boolean;

  /**
   * @param childChanged is called whenever a child execution's status has changed, RUNNING included
   * @param inMemory whether an execution that somebody started still is in memory
   */
  constructor(
    retention: Retention,
    childChanged: (record: ExecutionRecord) => void,
    inMemory: (executionArn: string) => boolean,
  ) {
    this.#inMemory = inMemory;
    this.#children = new KnownExecutions({
      ...retention,
      finished: Math.min(retention.finished, keptAtMost),
    });
    this.#childChanged = childChanged;
  }

  /** Takes the Map Runs of an execution, those inside of child executions too. */
  observe(executionArn: string, machine: MachineRecord): MapRunObserver {
    return {
      began: (mapRun) => this.#began(mapRun, executionArn, machine),
      childBegan: (execution, mapRun) => this.#childBegan(execution, mapRun),
    };
  }

  #began(mapRun: MapRun, root: string, parent: MachineRecord): void {
    const { processor, stateMachineArn } = mapRun;
    this.#byArn.delete(mapRun.arn);
    this.#byArn.set(mapRun.arn, {
      mapRun,
      root,
      parent,
      machine: {
        ...parent,
        arn: stateMachineArn,
        name: `${parent.name}/${processor.label}`,
        type: processor.type,
        definition: JSON.stringify(processor.definition),
      },
    });
    for (const { mapRun: older, root } of this.#byArn.values()) {
      if (older.status === "RUNNING") continue;
      // Only what is in memory can be redriven, and what is inside of it.
      if (!this.#inMemory(root)) older.release();
      if (this.#byArn.size > keptAtMost) this.#byArn.delete(older.arn);
    }
  }

  #childBegan(execution: Execution, mapRun: MapRun): void {
    const machine = this.#byArn.get(mapRun.arn)?.machine;
    if (machine === undefined) return;
    const before = this.#children.find(execution.facts.arn);
    const record = before instanceof ChildRecord ? before : new ChildRecord(execution, machine, mapRun);
    record.execution = execution;
    this.#children.began(record);
    this.#childChanged(record);
    void execution.result.then(() => {
      this.#children.ended(record);
      this.#childChanged(record);
    });
  }

  /** A child execution by its ARN. */
  child(arn: string): KnownExecution | undefined {
    return this.#children.find(arn);
  }

  /** The children of one Map Run, the newest first. @throws ApiError InvalidArn, ResourceNotFound */
  children(mapRunArn: string): KnownExecution[] {
    this.#get(mapRunArn);
    return [...this.#children.all()]
      .filter(({ execution }) => execution.facts.mapRun?.arn === mapRunArn)
      .reverse();
  }

  describe(request: Request): Answer {
    const { mapRun } = this.#get(request.string("mapRunArn"));
    const { maxConcurrency, tolerance } = mapRun.limits;
    return {
      mapRunArn: mapRun.arn,
      executionArn: mapRun.executionArn,
      status: mapRun.status,
      ...dates(mapRun),
      maxConcurrency,
      toleratedFailurePercentage: tolerance.percentage ?? 0,
      toleratedFailureCount: tolerance.count ?? 0,
      itemCounts: { ...mapRun.items },
      executionCounts: { ...mapRun.executions },
      redriveCount: mapRun.redriveCount,
      ...(mapRun.redrivenAt === undefined ? {} : { redriveDate: seconds(mapRun.redrivenAt) }),
    };
  }

  /** Those of one execution, the newest first. */
  list(request: Request, ofExecution: (arn: string) => unknown): Answer {
    const executionArn = request.string("executionArn");
    ofExecution(executionArn);
    const found = [...this.#byArn.values()]
      .filter(({ mapRun }) => mapRun.executionArn === executionArn)
      .reverse();
    const { items, ...next } = page(found, request);
    const mapRuns = items.map(({ mapRun, parent }) => ({
      executionArn,
      mapRunArn: mapRun.arn,
      stateMachineArn: parent.arn,
      ...dates(mapRun),
    }));
    return { mapRuns, ...next };
  }

  update(request: Request): Answer {
    const { mapRun } = this.#get(request.string("mapRunArn"));
    const maxConcurrency = request.number("maxConcurrency", Number.MAX_SAFE_INTEGER, true);
    const count = request.number("toleratedFailureCount", Number.MAX_SAFE_INTEGER, true);
    const percentage = request.number("toleratedFailurePercentage", 100, false);
    if (mapRun.status !== "RUNNING")
      throw new ApiError(
        "ValidationException",
        `The Map Run is ${mapRun.status}: only one that runs can be updated`,
      );
    const { limits } = mapRun;
    mapRun.update({
      maxConcurrency: maxConcurrency ?? limits.maxConcurrency,
      tolerance: {
        count: count ?? limits.tolerance.count,
        percentage: percentage ?? limits.tolerance.percentage,
      },
    });
    return {};
  }

  #get(arn: string): Known {
    if (!/^arn:[^:]+:states:[^:]*:[^:]*:mapRun:[^:]+:[^:]+$/.test(arn))
      throw new ApiError("InvalidArn", `Invalid Arn: '${arn}'`);
    const known = this.#byArn.get(arn);
    if (known !== undefined) return known;
    throw new ApiError("ResourceNotFound", `Resource not found: '${arn}'`);
  }
}

function dates({ startedAt, stoppedAt }: MapRun): Answer {
  return {
    startDate: seconds(startedAt),
    ...(stoppedAt === undefined ? {} : { stopDate: seconds(stoppedAt) }),
  };
}

/** An execution's status; a child that waits for its turn in a redrive has one of its own. */
export function statusOf(known: KnownExecution): Status | "PENDING_REDRIVE" {
  return known instanceof ChildRecord && known.awaitsRedrive ? "PENDING_REDRIVE" : known.execution.status;
}
