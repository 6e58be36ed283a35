import {
  type Clock,
  type HistoryEvent,
  maxPayloadBytes,
  type Services,
  systemClock,
  TaskTokens,
  TokenRefused,
} from "../engine/index.ts";
import { ApiError } from "./api-error.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import { Executions } from "./executions.ts";
import type { Retention } from "./known-executions.ts";
import { Machines, validate } from "./machines.ts";
import { MapRuns } from "./map-runs.ts";
import { Request } from "./request.ts";
import { type StatusChangeEvent, statusChangeEvent } from "./status-events.ts";
import { startSyncExecution } from "./sync-executions.ts";
import { testStateAction } from "./test-state.ts";

export interface StepFunctionsOptions {
  /** Runs the tasks of all executions. */
  readonly services: Services;
  readonly clock?: Clock;
  /** Takes each change of an execution's status, as EventBridge would deliver it. */
  readonly events?: (event: StatusChangeEvent) => void;
  /** Takes each history event as it happens. */
  readonly onHistoryEvent?: (executionArn: string, event: HistoryEvent) => void;
  readonly account: string;
  readonly region: string;
  /** What becomes of executions that have ended; if absent all stay in memory. */
  readonly retention?: Retention;
}

/** Answer of the AWS JSON 1.0 protocol: HTTP status and the body, to be sent as JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

type Answer = ApiAnswer["body"];

/** Step Functions as its clients see it. */
export interface StepFunctions {
  /** `action` is what follows the dot of `X-Amz-Target: AWSStepFunctions.StartExecution`; `body` is parsed JSON. */
  handle(action: string, body: unknown): Promise<ApiAnswer>;
  /** The executions in memory, the oldest first: all that run, and those that ended lately. */
  executions(): Iterable<ExecutionRecord>;
  /** One that is in memory. */
  execution(arn: string): ExecutionRecord | undefined;
  /** Aborts whatever runs, so that the process can end. */
  close(): Promise<void>;
}

/** Step Functions over the interpreter, in memory, for one account and region. */
export function createStepFunctions(options: StepFunctionsOptions): StepFunctions {
  const { services, account, region, events } = options;
  const clock = options.clock ?? systemClock();
  const tokens = new TaskTokens();
  const machines = new Machines(account, region, clock);
  const retention = options.retention ?? { finished: Number.POSITIVE_INFINITY };
  const tellEvents = (record: ExecutionRecord) => {
    // Express executions tell EventBridge nothing.
    if (record.machine.type === "STANDARD") events?.(statusChangeEvent(record, account, region, clock.now()));
  };
  const mapRuns = new MapRuns(retention, tellEvents, (arn) => executions.find(arn) !== undefined);
  const executions = new Executions({
    mapRuns,
    machines,
    services,
    clock,
    tokens,
    account,
    region,
    retention,
    statusChanged: (record) => {
      machines.forgetDeleted(record.machine.arn, runs);
      tellEvents(record);
    },
    onHistoryEvent: options.onHistoryEvent,
  });
  const runs = (machineArn: string) =>
    [...executions.inMemory()].some(
      ({ execution, machine }) => machine.arn === machineArn && execution.status === "RUNNING",
    );
  const actions: Readonly<Record<string, (request: Request) => Answer | Promise<Answer>>> = {
    CreateStateMachine: (request) => machines.create(request),
    UpdateStateMachine: (request) => machines.update(request),
    DeleteStateMachine: (request) => machines.delete(request, runs),
    DescribeStateMachine: (request) => machines.describe(request),
    ListStateMachines: (request) => machines.list(request),
    ValidateStateMachineDefinition: validate,
    TestState: (request) => testStateAction(request, { services, clock, account, region }),
    TagResource: (request) => machines.tag(request),
    UntagResource: (request) => machines.untag(request),
    ListTagsForResource: (request) => machines.listTags(request),
    StartExecution: (request) => executions.start(request),
    StartSyncExecution: (request) =>
      startSyncExecution(request, { machines, services, clock, tokens, account, region }),
    StopExecution: (request) => executions.stop(request),
    RedriveExecution: (request) => executions.redrive(request),
    DescribeExecution: (request) => executions.describe(request),
    DescribeStateMachineForExecution: (request) => executions.describeMachine(request),
    ListExecutions: (request) => executions.list(request),
    DescribeMapRun: (request) => mapRuns.describe(request),
    ListMapRuns: (request) => mapRuns.list(request, (arn) => executions.get(arn)),
    UpdateMapRun: (request) => mapRuns.update(request),
    GetExecutionHistory: (request) => executions.history(request),
    SendTaskSuccess: (request) => {
      tokens.succeed(request.string("taskToken"), taskOutput(request.string("output")));
      return {};
    },
    SendTaskFailure: (request) => {
      tokens.fail(
        request.string("taskToken"),
        request.optional("error", 256),
        request.optional("cause", 32_768),
      );
      return {};
    },
    SendTaskHeartbeat: (request) => {
      tokens.heartbeat(request.string("taskToken"));
      return {};
    },
  };
  return {
    handle: async (action, body) => {
      const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
      try {
        if (act === undefined)
          throw new ApiError("UnknownOperationException", `The local cloud has no ${action}`);
        return { status: 200, body: await act(new Request(body)) };
      } catch (thrown) {
        if (!(thrown instanceof ApiError || thrown instanceof TokenRefused)) throw thrown;
        return { status: 400, body: { __type: thrown.name, message: thrown.message } };
      }
    },
    executions: () => executions.inMemory(),
    execution: (arn) => executions.find(arn),
    close: async () => {
      const running = [...executions.inMemory()].filter(({ execution }) => execution.status === "RUNNING");
      for (const { execution } of running) execution.stop("Penstock.Closed", "The local cloud was closed");
      await Promise.all(running.map(({ execution }) => execution.result));
    },
  };
}

function taskOutput(text: string): unknown {
  if (Buffer.byteLength(text) > maxPayloadBytes) {
    throw new ApiError(
      "InvalidOutput",
      `Invalid Output: 'The output is longer than ${maxPayloadBytes} bytes'`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("InvalidOutput", "Invalid Output: 'The output is not JSON'");
  }
}
