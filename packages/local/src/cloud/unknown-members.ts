/**
 * Names of members, at any depth, that an SDK's action does not know: the SDK would leave them out without a word, where
 * Step Functions refuses the task. `schema` is the operation's, as the SDK's commands carry it.
 */
export function unknownMembers(schema: unknown, input: unknown): string[] {
  const [, , , , parameters] = asArray(schema);
  return unknownIn(parameters, input);
}

/** The SDK writes schemas as tuples: `[kind, namespace, name, traits, …]`, or `[schema, traits]` for a member's. */
const list = 1;
const map = 2;

function unknownIn(wrapped: unknown, value: unknown): string[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [];
  const schema = asArray(resolve(wrapped));
  const [kind, namespace, , , first, second] = schema;
  if (schema.length > 0 && typeof namespace !== "string") return unknownIn(kind, value);
  const members: unknown[] = Object.values(value);
  if (kind === list) return members.flatMap((member) => unknownIn(first, member));
  if (kind === map) return members.flatMap((member) => unknownIn(second, member));
  if (!Array.isArray(first) || !Array.isArray(second)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const at = first.indexOf(name);
    return at === -1 ? [name] : unknownIn(second[at], member);
  });
}

function resolve(schema: unknown): unknown {
  return typeof schema === "function" ? schema() : schema;
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
