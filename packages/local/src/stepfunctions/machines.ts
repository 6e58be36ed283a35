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
  readonly tags: ReadonlyMap<string, string>;
}

type Answer = Readonly<Record<string, unknown>>;

/** The state machines of one account and region, and the API's actions on them. */
export class Machines {
  readonly #byArn = new Map<string, MachineRecord>();
  /** Deleted while executions of them ran: they go with the last of these. */
  readonly #deleting = new Set<string>();
  readonly #prefix: string;
  readonly #clock: Clock;

  constructor(account: string, region: string, clock: Clock) {
    this.#prefix = `arn:aws:states:${region}:${account}:stateMachine:`;
    this.#clock = clock;
  }

  /** @throws ApiError InvalidArn, StateMachineDoesNotExist */
  get(arn: string): MachineRecord {
    checkArn(arn);
    const record = this.#byArn.get(arn);
    if (record !== undefined) return record;
    throw new ApiError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  }

  /** One that is not being deleted. @throws ApiError StateMachineDeleting too */
  active(arn: string): MachineRecord {
    const record = this.get(arn);
    if (!this.#deleting.has(arn)) return record;
    throw new ApiError("StateMachineDeleting", `State Machine Deleting: '${arn}'`);
  }

  create(request: Request): Answer {
    refuseVersions(request);
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
      loggingConfiguration: loggingConfiguration(request),
      tracingConfiguration: tracingConfiguration(request),
      createdAt: now,
      updatedAt: now,
      revisionId: undefined,
      tags: new Map(tagsOf(request)),
    };
    if (this.#deleting.has(arn)) this.active(arn);
    const existing = this.#byArn.get(arn);
    if (existing === undefined) this.#byArn.set(arn, record);
    else if (identity(existing) !== identity(record)) {
      throw new ApiError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
    }
    return { stateMachineArn: arn, creationDate: seconds(existing?.createdAt ?? now) };
  }

  update(request: Request): Answer {
    refuseVersions(request);
    const before = this.active(request.string("stateMachineArn"));
    const definition = request.optional("definition");
    const roleArn = request.optional("roleArn");
    const logging = loggingConfiguration(request);
    const tracing = tracingConfiguration(request);
    if ([definition, roleArn, logging, tracing].every((part) => part === undefined)) {
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
      loggingConfiguration: logging ?? before.loggingConfiguration,
      tracingConfiguration: tracing ?? before.tracingConfiguration,
      updatedAt: this.#clock.now(),
      revisionId: randomUUID(),
    };
    this.#byArn.set(before.arn, after);
    return { updateDate: seconds(after.updatedAt), revisionId: after.revisionId };
  }

  /** Running executions go on, and the machine is there as long as they run. Deleting what is not there succeeds, as on AWS. */
  delete(request: Request, runs: (arn: string) => boolean): Answer {
    const arn = request.string("stateMachineArn");
    checkArn(arn);
    if (this.#byArn.has(arn)) this.#deleting.add(arn);
    this.forgetDeleted(arn, runs);
    return {};
  }

  /** Lets go of a machine that was deleted, once nothing of it runs any more. */
  forgetDeleted(arn: string, runs: (arn: string) => boolean): void {
    if (!this.#deleting.has(arn) || runs(arn)) return;
    this.#deleting.delete(arn);
    this.#byArn.delete(arn);
  }

  tag(request: Request): Answer {
    const record = this.#tagged(request);
    this.#byArn.set(record.arn, { ...record, tags: new Map([...record.tags, ...tagsOf(request)]) });
    return {};
  }

  untag(request: Request): Answer {
    const record = this.#tagged(request);
    const gone = new Set(request.list("tagKeys"));
    this.#byArn.set(record.arn, {
      ...record,
      tags: new Map([...record.tags].filter(([key]) => !gone.has(key))),
    });
    return {};
  }

  listTags(request: Request): Answer {
    return { tags: [...this.#tagged(request).tags].map(([key, value]) => ({ key, value })) };
  }

  /** @throws ApiError InvalidArn, ResourceNotFound */
  #tagged(request: Request): MachineRecord {
    const arn = request.string("resourceArn");
    checkArn(arn);
    const record = this.#byArn.get(arn);
    if (record !== undefined) return record;
    throw new ApiError("ResourceNotFound", `Resource not found: '${arn}'`);
  }

  describe(request: Request): Answer {
    const record = this.get(request.string("stateMachineArn"));
    return {
      ...description(record),
      status: this.#deleting.has(record.arn) ? "DELETING" : "ACTIVE",
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
  const limit = request.maxResults(100);
  try {
    // Everything that is told is an error: there are no warnings for `severity` to add.
    request.choice("severity", ["ERROR", "WARNING"]);
    parseDefinition(request.string("definition"), machineType(request));
    return { result: "OK", diagnostics: [], truncated: false };
  } catch (thrown) {
    if (!(thrown instanceof InvalidDefinition)) throw thrown;
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
  return request.choice("type", ["STANDARD", "EXPRESS"]) ?? "STANDARD";
}

/** A machine, or one of its versions or aliases, which do not exist here. @throws ApiError InvalidArn */
function checkArn(arn: string): void {
  if (/^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:[^:]+(:[^:]+)?$/.test(arn)) return;
  throw new ApiError("InvalidArn", `Invalid Arn: '${arn}'`);
}

/** What AWS answers when an action is for the other type of machine. */
export function unsupportedType(arn: string, type: MachineRecord["type"]): ApiError {
  return new ApiError(
    "StateMachineTypeNotSupported",
    `State Machine Type Not Supported: this action does not support machines of the type ${type}: '${arn}'`,
  );
}

function refuseVersions(request: Request): void {
  if (request.flag("publish") !== true) return;
  throw new ApiError("UnknownOperationException", "The local cloud has no versions: leave 'publish' out");
}

function loggingConfiguration(request: Request): unknown {
  const given = request.raw("loggingConfiguration");
  if (given === undefined) return undefined;
  const { level = "OFF", destinations = [] } = Object(given);
  const known = ["ALL", "ERROR", "FATAL", "OFF"].includes(level);
  if (known && (level === "OFF" || (Array.isArray(destinations) && destinations.length === 1))) return given;
  throw new ApiError(
    "InvalidLoggingConfiguration",
    `Invalid Logging Configuration: 'a level of ALL, ERROR or FATAL and one destination, or the level OFF'`,
  );
}

function tracingConfiguration(request: Request): unknown {
  const given = request.raw("tracingConfiguration");
  if (given === undefined || typeof Object(given).enabled === "boolean") return given;
  throw new ApiError("InvalidTracingConfiguration", "Invalid Tracing Configuration: 'enabled' is missing");
}

function tagsOf(request: Request): [string, string][] {
  const given = request.raw("tags") ?? [];
  if (!Array.isArray(given)) throw new ApiError("ValidationException", "Value at 'tags' must be a list");
  return given.map((tag: unknown) => {
    const { key, value } = Object(tag);
    if (typeof key === "string" && typeof value === "string") return [key, value];
    throw new ApiError("ValidationException", "Value at 'tags' must be a list of key and value");
  });
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
