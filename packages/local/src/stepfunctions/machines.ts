import { randomUUID } from "node:crypto";
import { type Clock, InvalidDefinition, type Machine, parseDefinition } from "../engine/index.ts";
import { ApiError } from "./api-error.ts";
import { checkName, page, type Request, seconds } from "./request.ts";

/** A state machine as it was at one revision; an update makes a new one, and executions keep theirs. */
export interface MachineRecord {
  readonly arn: string;
  readonly name: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly roleArn: string;
  /** The JSON text, as it was given. */
  readonly definition: string;
  readonly machine: Machine;
  readonly loggingConfiguration: unknown;
  readonly tracingConfiguration: unknown;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly revisionId: string | undefined;
}

type Answer = Readonly<Record<string, unknown>>;

/** The state machines of one account and region, and the API's actions on them. */
export class Machines {
  readonly #byArn = new Map<string, MachineRecord>();
  readonly #prefix: string;
  readonly #clock: Clock;

  constructor(account: string, region: string, clock: Clock) {
    this.#prefix = `arn:aws:states:${region}:${account}:stateMachine:`;
    this.#clock = clock;
  }

  /** @throws ApiError InvalidArn, StateMachineDoesNotExist */
  get(arn: string): MachineRecord {
    if (!/^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:[^:]+$/.test(arn)) {
      throw new ApiError("InvalidArn", `Invalid Arn: '${arn}'`);
    }
    const record = this.#byArn.get(arn);
    if (record !== undefined) return record;
    throw new ApiError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  }

  create(request: Request): Answer {
    const name = checkName(request.string("name"));
    const definition = request.string("definition");
    const roleArn = checkRole(request.string("roleArn"));
    const type = machineType(request);
    const machine = compile(definition, type);
    const now = this.#clock.now();
    const arn = `${this.#prefix}${name}`;
    const record: MachineRecord = {
      arn,
      name,
      type,
      roleArn,
      definition,
      machine,
      loggingConfiguration: request.raw("loggingConfiguration"),
      tracingConfiguration: request.raw("tracingConfiguration"),
      createdAt: now,
      updatedAt: now,
      revisionId: undefined,
    };
    const existing = this.#byArn.get(arn);
    if (existing === undefined) this.#byArn.set(arn, record);
    else if (identity(existing) !== identity(record)) {
      throw new ApiError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
    }
    return { stateMachineArn: arn, creationDate: seconds(existing?.createdAt ?? now) };
  }

  update(request: Request): Answer {
    const before = this.get(request.string("stateMachineArn"));
    const definition = request.optional("definition");
    const roleArn = request.optional("roleArn");
    const loggingConfiguration = request.raw("loggingConfiguration");
    const tracingConfiguration = request.raw("tracingConfiguration");
    if (
      [definition, roleArn, loggingConfiguration, tracingConfiguration].every((part) => part === undefined)
    ) {
      throw new ApiError(
        "MissingRequiredParameter",
        "Either the definition, the role ARN, or a configuration is required",
      );
    }
    const after: MachineRecord = {
      ...before,
      roleArn: roleArn === undefined ? before.roleArn : checkRole(roleArn),
      definition: definition ?? before.definition,
      machine: definition === undefined ? before.machine : compile(definition, before.type),
      loggingConfiguration: loggingConfiguration ?? before.loggingConfiguration,
      tracingConfiguration: tracingConfiguration ?? before.tracingConfiguration,
      updatedAt: this.#clock.now(),
      revisionId: randomUUID(),
    };
    this.#byArn.set(before.arn, after);
    return { updateDate: seconds(after.updatedAt), revisionId: after.revisionId };
  }

  /** Running executions go on: they hold their machine. Deleting what is not there succeeds, as on AWS. */
  delete(request: Request): Answer {
    this.#byArn.delete(request.string("stateMachineArn"));
    return {};
  }

  describe(request: Request): Answer {
    const record = this.get(request.string("stateMachineArn"));
    return {
      ...description(record),
      status: "ACTIVE",
      type: record.type,
      creationDate: seconds(record.createdAt),
    };
  }

  list(request: Request): Answer {
    const { items, ...next } = page([...this.#byArn.values()], request);
    const stateMachines = items.map(({ arn, name, type, createdAt }) => ({
      stateMachineArn: arn,
      name,
      type,
      creationDate: seconds(createdAt),
    }));
    return { stateMachines, ...next };
  }
}

/** What DescribeStateMachine and DescribeStateMachineForExecution both tell. */
export function description(record: MachineRecord): Answer {
  const { loggingConfiguration, tracingConfiguration, revisionId } = record;
  return {
    stateMachineArn: record.arn,
    name: record.name,
    definition: record.definition,
    roleArn: record.roleArn,
    loggingConfiguration: loggingConfiguration ?? { includeExecutionData: false, level: "OFF" },
    tracingConfiguration: tracingConfiguration ?? { enabled: false },
    ...(revisionId === undefined ? {} : { revisionId }),
  };
}

/** ValidateStateMachineDefinition: the diagnostics, whether or not there are any. */
export function validate(request: Request): Answer {
  try {
    parseDefinition(request.string("definition"), machineType(request));
    return { result: "OK", diagnostics: [], truncated: false };
  } catch (thrown) {
    if (!(thrown instanceof InvalidDefinition)) throw thrown;
    const limit = request.maxResults();
    const diagnostics = thrown.diagnostics.slice(0, limit).map((found) => ({ severity: "ERROR", ...found }));
    return { result: "FAIL", diagnostics, truncated: thrown.diagnostics.length > limit };
  }
}

function compile(definition: string, type: MachineRecord["type"]): Machine {
  try {
    return parseDefinition(definition, type);
  } catch (thrown) {
    if (!(thrown instanceof InvalidDefinition)) throw thrown;
    throw new ApiError("InvalidDefinition", `Invalid State Machine Definition: '${thrown.message}'`);
  }
}

function machineType(request: Request): MachineRecord["type"] {
  const type = request.optional("type") ?? "STANDARD";
  if (type === "STANDARD" || type === "EXPRESS") return type;
  throw new ApiError("ValidationException", `Value '${type}' at 'type' must be one of: [STANDARD, EXPRESS]`);
}

function checkRole(roleArn: string): string {
  if (/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn)) return roleArn;
  throw new ApiError("InvalidArn", `Invalid Role Arn: '${roleArn}'`);
}

/** What makes a repeated CreateStateMachine the same one; AWS ignores a different role. */
function identity(record: MachineRecord): string {
  const { definition, type, loggingConfiguration, tracingConfiguration } = record;
  return JSON.stringify([definition, type, loggingConfiguration, tracingConfiguration]);
}
