import { UnknownMembers } from "../aws-clients.ts";

/**
 * How Step Functions speaks with a service whose API has members in camelCase, as Bedrock's runtime has: in PascalCase,
 * however deep. Documents, which have no shape, keep the keys that they have.
 */
export interface SdkShape {
  /** Arguments of a task as the SDK takes them. @throws {UnknownMembers} for members that the action has not */
  toSdk(given: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** An SDK's answer as the state is given it. */
  fromSdk(answer: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** The SDK writes schemas as tuples: `[kind, namespace, name, traits, …]`, or `[schema, traits]` for a member's. */
const list = 1;
const map = 2;

type Rename = (name: string, members: readonly string[]) => string | undefined;

/** @param schema the operation's, as the SDK's commands carry it: `[kind, namespace, name, traits, input, output]` */
export function sdkShape(schema: unknown): SdkShape {
  const [, , , , input, output] = asArray(schema);
  return {
    toSdk(given) {
      const unknown: string[] = [];
      const renamed = walk(input, given, (name, members) => {
        const member = members.find((each) => capitalised(each) === name);
        if (member === undefined) unknown.push(name);
        return member;
      });
      if (unknown.length > 0) throw new UnknownMembers(unknown);
      return asRecord(renamed);
    },
    fromSdk: (answer) => asRecord(walk(output, answer, capitalised)),
  };
}

/** A value with the members of its structures renamed; those without a name are left out. */
function walk(wrapped: unknown, value: unknown, rename: Rename): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Date)
    return value;
  const schema = asArray(resolve(wrapped));
  const [kind, namespace, , , first, second] = schema;
  if (schema.length > 0 && typeof namespace !== "string") return walk(kind, value, rename);
  if (kind === list) return Array.isArray(value) ? value.map((each) => walk(first, each, rename)) : value;
  if (kind === map)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(second, each, rename)]));
  if (!isTexts(first) || !Array.isArray(second)) return value;
  const members = second;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const to = rename(name, first);
      if (to === undefined) return [];
      const at = Math.max(first.indexOf(name), first.indexOf(to));
      return [[to, at === -1 ? each : walk(members[at], each, rename)]];
    }),
  );
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function resolve(schema: unknown): unknown {
  return typeof schema === "function" ? schema() : schema;
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
