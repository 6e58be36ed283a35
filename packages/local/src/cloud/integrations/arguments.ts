import { UnknownMembers } from "../aws-clients.ts";

/** A task's arguments: members by name. */
export type Arguments = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value where the API wants text: text stays as it is, anything else becomes its JSON. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Members that the API defines as text and that Step Functions fills with the JSON of whatever else it is given.
 * By service in `aws-sdk:<name>`.
 */
const textMembers: Readonly<Record<string, readonly string[]>> = {
  lambda: ["Payload"],
  s3: ["Body"],
  sfn: ["Input", "Output", "Cause"],
  sns: ["Message"],
  sqs: ["MessageBody"],
};

/** Arguments in the form that the SDK takes them. @throws {UnknownMembers} for Step Functions' own names */
export function sdkInput(service: string, given: Arguments): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const isText = textMembers[service]?.includes(name) === true && value !== null && value !== undefined;
    // Step Functions takes PascalCase also where the API, its own, is in camelCase.
    if (service === "sfn" && !/^[A-Z]/.test(name)) throw new UnknownMembers([name]);
    const member = service === "sfn" ? name.charAt(0).toLowerCase() + name.slice(1) : name;
    input[member] = isText ? asText(value) : value;
  }
  if (service === "eventbridge" && Array.isArray(input.Entries)) {
    input.Entries = input.Entries.map((entry) =>
      isRecord(entry) ? { ...entry, Detail: asText(entry.Detail) } : entry,
    );
  }
  return input;
}
