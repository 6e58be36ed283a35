/** Members that recordings and interpreters may fill differently. */
const ignored = new Set(["inputDetails", "outputDetails", "assignedVariablesDetails"]);
/** What only a real call can tell. */
const ofRealCalls = new Set([...ignored, "SdkHttpMetadata", "SdkResponseMetadata"]);

/** How to compare: what matches anything, and whether the answers of services were replayed. */
export interface Rules {
  readonly wildcards: readonly string[];
  readonly replayed: boolean;
}

/**
 * The first place where the actual value differs from the recorded one; undefined when it matches.
 * Strings that are wildcards match anything, and any text inside a longer string.
 */
export function difference(expected: unknown, actual: unknown, rules: Rules, path = ""): string | undefined {
  const { wildcards } = rules;
  if (typeof expected === "string" && wildcards.includes(expected)) return undefined;
  const here = `${path || "value"}: expected ${show(expected)}, got ${show(actual)}`;
  if (typeof expected === "string" && typeof actual === "string") {
    if (expected === actual || wildText(expected, wildcards).test(actual)) return undefined;
    const [left, right] = [parsed(expected), parsed(actual)];
    return left === undefined || right === undefined ? here : difference(left, right, rules, `${path}(JSON)`);
  }
  if (isCompound(expected) && typeof actual === "string") {
    const value = parsed(actual);
    return value === undefined ? here : difference(expected, value, rules, `${path}(JSON)`);
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return here;
    return firstOf(expected.keys(), (at) => difference(expected[at], actual[at], rules, `${path}[${at}]`));
  }
  if (isCompound(expected) && isCompound(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const [left, right] = [new Map(Object.entries(expected)), new Map(Object.entries(actual))];
    const leftOut = rules.replayed ? ignored : ofRealCalls;
    const keys = [...new Set([...left.keys(), ...right.keys()])].filter((key) => !leftOut.has(key));
    return firstOf(keys, (key) => difference(left.get(key), right.get(key), rules, `${path}.${key}`));
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
