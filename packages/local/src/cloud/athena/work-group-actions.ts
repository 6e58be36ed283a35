import { NotImplemented } from "../gateway/aws-error.ts";
import type { Action, Parameters } from "../gateway/json-service.ts";
import type { WorkGroup } from "../program/work-groups.ts";
import { invalid } from "./invalid-request.ts";
import { optional, page, part, required, seconds } from "./request.ts";
import type { WorkGroups } from "./work-groups.ts";

/** AWS's least cut-off. */
const LEAST_CUTOFF = 10_000_000;
const MOST_GROUPS = 50;
const engine = { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3" };

/** Actions on workgroups. */
export function workGroupActions(groups: WorkGroups): Readonly<Record<string, Action>> {
  return {
    CreateWorkGroup: (parameters) => {
      const name = required(parameters, "Name");
      if (!/^[a-zA-Z0-9._-]{1,128}$/.test(name)) throw invalid(`WorkGroup name ${name} is not valid`);
      const base: WorkGroup = {
        name,
        description: optional(parameters, "Description"),
        outputLocation: undefined,
        enforced: true,
        bytesScannedCutoff: undefined,
        enabled: true,
        createdAt: new Date(),
      };
      groups.create(configured(base, part(parameters, "Configuration"), "ResultConfiguration"));
    },
    GetWorkGroup: (parameters) => ({ WorkGroup: described(groups.get(required(parameters, "WorkGroup"))) }),
    ListWorkGroups: (parameters) => {
      const { items, ...more } = page(groups.all(), parameters, MOST_GROUPS);
      return {
        WorkGroups: items.map(({ name, description, enabled, createdAt }) => ({
          Name: name,
          State: enabled ? "ENABLED" : "DISABLED",
          ...(description === undefined ? {} : { Description: description }),
          CreationTime: seconds(createdAt),
          EngineVersion: engine,
        })),
        ...more,
      };
    },
    UpdateWorkGroup: (parameters) => {
      const before = groups.get(required(parameters, "WorkGroup"));
      const state = optional(parameters, "State");
      const base: WorkGroup = {
        ...before,
        description: optional(parameters, "Description") ?? before.description,
        enabled: state === undefined ? before.enabled : state === "ENABLED",
      };
      const updates = part(parameters, "ConfigurationUpdates");
      groups.update(configured(base, updates, "ResultConfigurationUpdates"));
    },
    DeleteWorkGroup: (parameters) => groups.delete(required(parameters, "WorkGroup")),
  };
}

/** Members of a configuration that change nothing here. */
const IDLE = new Set(["PublishCloudWatchMetricsEnabled", "RequesterPaysEnabled", "EngineVersion"]);
const KNOWN = new Set([
  "BytesScannedCutoffPerQuery",
  "EnforceWorkGroupConfiguration",
  "RemoveBytesScannedCutoffPerQuery",
]);

/** A workgroup with what a request says of it. @throws {AwsError} InvalidRequestException, NotImplemented */
function configured(base: WorkGroup, given: Parameters, results: string): WorkGroup {
  const foreign = Object.keys(given).filter(
    (name) => !IDLE.has(name) && !KNOWN.has(name) && name !== results,
  );
  if (foreign.length > 0) throw new NotImplemented("athena", `workgroups with ${foreign.join(", ")}`);
  const result = part(given, results);
  const removed = result.RemoveOutputLocation === true;
  const location = optional(result, "OutputLocation") ?? (removed ? undefined : base.outputLocation);
  if (location !== undefined && !/^s3:\/\/[^/]+(\/.*)?$/.test(location))
    throw invalid("outputLocation is not a valid S3 path.");
  return {
    ...base,
    outputLocation: location,
    enforced: flag(given, "EnforceWorkGroupConfiguration") ?? base.enforced,
    bytesScannedCutoff:
      cutoff(given.BytesScannedCutoffPerQuery) ??
      (given.RemoveBytesScannedCutoffPerQuery === true ? undefined : base.bytesScannedCutoff),
  };
}

function flag(parameters: Parameters, name: string): boolean | undefined {
  const value = parameters[name] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw invalid(`${name} must be true or false`);
}

function cutoff(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= LEAST_CUTOFF) return value;
  throw invalid(
    `Value '${String(value)}' at 'bytesScannedCutoffPerQuery' failed to satisfy constraint: Member must have value greater than or equal to ${LEAST_CUTOFF}`,
  );
}

function described(group: WorkGroup): Record<string, unknown> {
  const { name, description, outputLocation, enforced, bytesScannedCutoff, enabled, createdAt } = group;
  return {
    Name: name,
    State: enabled ? "ENABLED" : "DISABLED",
    ...(description === undefined ? {} : { Description: description }),
    CreationTime: seconds(createdAt),
    Configuration: {
      ResultConfiguration: outputLocation === undefined ? {} : { OutputLocation: outputLocation },
      EnforceWorkGroupConfiguration: enforced,
      PublishCloudWatchMetricsEnabled: false,
      ...(bytesScannedCutoff === undefined ? {} : { BytesScannedCutoffPerQuery: bytesScannedCutoff }),
      RequesterPaysEnabled: false,
      EngineVersion: engine,
    },
  };
}
