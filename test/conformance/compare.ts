/** Members that recordings and interpreters may fill differently. */
const ignored = new Set(["inputDetails", "outputDetails", "assignedVariablesDetails"]);

/**
 * The first place where the actual value differs from the recorded one; undefined when it matches.
 * Strings that are wildcards match anything, and any text inside a longer string.
 */
export function difference(
  expected: unknown,
  actual: unknown,
  wildcards: readonly string[],
  path = "",
): string | undefined {
  if (typeof expected === "string" && wildcards.includes(expected)) return undefined;
  const here = `${path || "value"}: expected ${show(expected)}, got ${show(actual)}`;
  if (typeof expected === "string" && typeof actual === "string") {
    if (expected === actual || wildText(expected, wildcards).test(actual)) return undefined;
    const [left, right] = [parsed(expected), parsed(actual)];
    return left === undefined || right === undefined
      ? here
      : difference(left, right, wildcards, `${path}(JSON)`);
  }
  if (isCompound(expected) && typeof actual === "string") {
    const value = parsed(actual);
    return value === undefined ? here : difference(expected, value, wildcards, `${path}(JSON)`);
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return here;
    return firstOf(expected.keys(), (at) =>
      difference(expected[at], actual[at], wildcards, `${path}[${at}]`),
    );
  }
  if (isCompound(expected) && isCompound(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const [left, right] = [new Map(Object.entries(expected)), new Map(Object.entries(actual))];
    const keys = [...new Set([...left.keys(), ...right.keys()])].filter((key) => !ignored.has(key));
    return firstOf(keys, (key) => difference(left.get(key), right.get(key), wildcards, `${path}.${key}`));
  }
  return expected === actual ? undefined : here;
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isCompound(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isCompound(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function wildText(pattern: string, wildcards: readonly string[]): RegExp {
  let source = escaped(pattern);
  for (const wildcard of wildcards) source = source.replaceAll(escaped(wildcard), "[\\s\\S]*");
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
