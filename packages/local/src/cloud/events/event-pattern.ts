/** A rule's pattern that EventBridge would refuse, or that is not understood here. */
export class InvalidEventPattern extends Error {
  override readonly name = "InvalidEventPattern";
}

type Test = (value: unknown) => boolean;
type Matcher = (event: unknown) => boolean;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function texts(operand: unknown, where: string): string[] {
  const list = Array.isArray(operand) ? operand : [operand];
  return list.map((each) => {
    if (typeof each !== "string" || each === "")
      throw new InvalidEventPattern(`${where}: a text that is not empty is needed.`);
    return each;
  });
}

/** `{ "equals-ignore-case": "x" }` inside prefix and suffix, or the text itself. */
function affix(operand: unknown, where: string): { text: string; fold: (value: string) => string } {
  const folded = isRecord(operand) ? operand["equals-ignore-case"] : undefined;
  if (typeof folded === "string") return { text: folded.toLowerCase(), fold: (value) => value.toLowerCase() };
  if (typeof operand !== "string") throw new InvalidEventPattern(`${where}: a text is needed.`);
  return { text: operand, fold: (value) => value };
}

function startsWith(operand: unknown, where: string): Test {
  const { text, fold } = affix(operand, where);
  return (value) => typeof value === "string" && fold(value).startsWith(text);
}

function endsWith(operand: unknown, where: string): Test {
  const { text, fold } = affix(operand, where);
  return (value) => typeof value === "string" && fold(value).endsWith(text);
}

function wildcard(operand: string): Test {
  const pattern = operand.replace(/\\([\\*])|[.*+?^${}()|[\]\\]/g, (found, escaped?: string) => {
    if (escaped !== undefined) return `\\${escaped}`;
    return found === "*" ? "[\\s\\S]*" : `\\${found}`;
  });
  const expression = new RegExp(`^${pattern}$`, "u");
  return (value) => typeof value === "string" && expression.test(value);
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

function numeric(operand: unknown, where: string): Test {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0) {
    throw new InvalidEventPattern(`${where}: numeric takes operators and numbers in turn.`);
  }
  const bounds = Array.from({ length: operand.length / 2 }, (_, index) => {
    const compare = comparisons[String(operand[2 * index])];
    const bound: unknown = operand[2 * index + 1];
    if (compare === undefined || typeof bound !== "number")
      throw new InvalidEventPattern(`${where}: unknown numeric comparison.`);
    return (value: number) => compare(value, bound);
  });
  return (value) => typeof value === "number" && bounds.every((holds) => holds(value));
}

/** What `anything-but` leaves out: values, or one of the text matchers over one text or several. */
function excluded(operand: unknown, where: string): Test {
  if (!isRecord(operand)) {
    const list: unknown[] = Array.isArray(operand) ? operand : [operand];
    return (value) => list.includes(value);
  }
  const [[name, inner] = ["", undefined], ...more] = Object.entries(operand);
  const makers: Readonly<Record<string, (text: string) => Test>> = {
    prefix: (text) => startsWith(text, where),
    suffix: (text) => endsWith(text, where),
    wildcard,
    "equals-ignore-case": (text) => (value) =>
      typeof value === "string" && value.toLowerCase() === text.toLowerCase(),
  };
  const make = makers[name];
  if (make === undefined || more.length > 0)
    throw new InvalidEventPattern(`${where}: anything-but cannot hold "${name}".`);
  const tests = texts(inner, where).map(make);
  return (value) => tests.some((test) => test(value));
}

function ipv4(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function cidr(operand: unknown, where: string): Test {
  const [network = "", bits = ""] = String(operand).split("/");
  const base = ipv4(network);
  const size = 2 ** (32 - Number(bits));
  if (base === undefined || bits === "" || !(Number(bits) >= 0 && Number(bits) <= 32)) {
    throw new InvalidEventPattern(`${where}: only IPv4 ranges like 10.0.0.0/24 are understood.`);
  }
  return (value) => {
    const address = typeof value === "string" ? ipv4(value) : undefined;
    return address !== undefined && Math.floor(address / size) === Math.floor(base / size);
  };
}

/** One element of a leaf's array, over a value that is there. */
function element(pattern: unknown, where: string): Test {
  if (!isRecord(pattern)) {
    if (typeof pattern === "object" && pattern !== null)
      throw new InvalidEventPattern(`${where}: an array within an array.`);
    return (value) => value === pattern;
  }
  const [[name, operand] = ["", undefined], ...more] = Object.entries(pattern);
  if (more.length > 0) throw new InvalidEventPattern(`${where}: one matcher at a time.`);
  switch (name) {
    case "prefix":
      return startsWith(operand, where);
    case "suffix":
      return endsWith(operand, where);
    case "wildcard":
      if (typeof operand !== "string") throw new InvalidEventPattern(`${where}: wildcard takes a text.`);
      return wildcard(operand);
    case "equals-ignore-case":
      return (value) => typeof value === "string" && value.toLowerCase() === String(operand).toLowerCase();
    case "numeric":
      return numeric(operand, where);
    case "cidr":
      return cidr(operand, where);
    case "anything-but": {
      const out = excluded(operand, where);
      return (value) => !out(value);
    }
    default:
      throw new InvalidEventPattern(`${where}: the matcher "${name}" is not known.`);
  }
}

/** The `exists` in a leaf's array, if there is one. */
function existence(list: readonly unknown[]): boolean | undefined {
  for (const each of list) {
    if (isRecord(each) && typeof each.exists === "boolean") return each.exists;
  }
  return undefined;
}

/** A leaf: the field's value, or one of its values where it is an array, fits one of the elements. */
function leaf(list: readonly unknown[], where: string): Test {
  if (list.length === 0) throw new InvalidEventPattern(`${where}: an empty array matches nothing.`);
  const exists = existence(list);
  const tests = list
    .filter((each) => !(isRecord(each) && "exists" in each))
    .map((each) => element(each, where));
  return (value) => {
    // Only leaves exist to EventBridge: an object does not count as the field being there.
    const present = value !== undefined && !isRecord(value);
    if (exists !== undefined && exists === present) return true;
    if (!present) return false;
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values.some((each) => tests.some((test) => test(each)));
  };
}

/** Fields of an object, or of any object in an array of them, as EventBridge flattens events. */
function field(value: unknown, name: string): unknown {
  if (isRecord(value)) return value[name];
  if (!Array.isArray(value)) return undefined;
  const found = value.flatMap((each) => (isRecord(each) && each[name] !== undefined ? [each[name]] : []));
  return found.length === 0 ? undefined : found.flat();
}

function compile(pattern: unknown, where: string): Matcher {
  if (!isRecord(pattern) || Object.keys(pattern).length === 0) {
    throw new InvalidEventPattern(`${where || "the pattern"}: an object with at least one field is needed.`);
  }
  const matchers = Object.entries(pattern).map(([name, inner]): Matcher => {
    const path = where === "" ? name : `${where}.${name}`;
    if (name === "$or") {
      if (!Array.isArray(inner) || inner.length < 2)
        throw new InvalidEventPattern(`${path}: $or takes two patterns or more.`);
      const alternatives = inner.map((each, index) => compile(each, `${path}[${index}]`));
      return (event) => alternatives.some((matches) => matches(event));
    }
    if (Array.isArray(inner)) {
      const test = leaf(inner, path);
      return (event) => test(field(event, name));
    }
    const matches = compile(inner, path);
    return (event) => matches(field(event, name));
  });
  return (event) => matchers.every((matches) => matches(event));
}

/**
 * Compiles an EventBridge event pattern: exact values, prefix, suffix, wildcard, anything-but, numeric, exists,
 * equals-ignore-case, cidr and $or. No maintained library on npm does this; the events of SNS filters are not nested.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @throws {InvalidEventPattern} with the path of what is wrong
 */
export function compilePattern(pattern: unknown): Matcher {
  return compile(pattern, "");
}
