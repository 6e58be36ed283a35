import type { Call } from "../gateway/call.ts";
import type { Parameters } from "../gateway/json-service.ts";
import type { Demand, Place } from "./demand.ts";

/** What the program says that decides which permissions a call needs. */
export interface Facts {
  readonly place: Place;
  /** The customer-managed key that seals a resource. */
  readonly keyOf: (arn: string) => string | undefined;
  readonly hasBucket: (name: string) => boolean;
  /** The workgroup of a query execution of Athena's. */
  readonly workGroupOf: (queryExecutionId: string) => string | undefined;
}

/** The permissions that one action of a JSON service needs. */
export type JsonDemands = (action: string, parameters: Parameters, facts: Facts) => readonly Demand[];

/** The permissions that a call needs where the path, the query and the headers tell. */
export type CallDemands = (call: Call, facts: Facts) => readonly Demand[];

/**
 * Use of the key that seals a resource, which the service makes in the caller's name. Nothing where no key of the
 * program seals it. Source of the context keys:
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 *
 * @param encryptionContext what the service binds the data key to, by name
 */
export function keyUse(
  facts: Facts,
  service: string,
  resource: string,
  actions: readonly string[],
  encryptionContext: Readonly<Record<string, string>>,
): Demand[] {
  const key = facts.keyOf(resource);
  if (key === undefined) return [];
  const { region, account } = facts.place;
  const bound = Object.entries(encryptionContext).map(([name, value]) => [
    `kms:EncryptionContext:${name}`,
    value,
  ]);
  const context = {
    "kms:ViaService": `${service}.${region}.amazonaws.com`,
    "kms:CallerAccount": account,
    ...Object.fromEntries(bound),
  };
  return actions.map((action) => ({ action, resource: key, context }));
}

/** A parameter, where it is a text. */
export function optionalText(parameters: Parameters, name: string): string {
  const value = parameters[name];
  return typeof value === "string" ? value : "";
}

/** The objects in a parameter that is a list. */
export function records(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
