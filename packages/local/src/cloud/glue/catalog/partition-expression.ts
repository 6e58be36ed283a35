import { type Column, invalidInput } from "./shapes.ts";

/** Whether a partition with these values is asked for. */
export type PartitionFilter = (values: readonly string[]) => boolean;

/** The values of one partition by key, and whether the condition holds. */
type Condition = (values: ReadonlyMap<string, string>) => boolean;

const token = /\s*(?:('(?:[^']|'')*')|(<=|>=|<>|!=|==|[=<>(),])|([A-Za-z_]\w*|"[^"]+")|(-?\d+(?:\.\d+)?))/y;
const numeric = /^(tinyint|smallint|int|integer|bigint|float|double|decimal)/i;

/**
 * GetPartitions' `Expression`: comparisons of partition keys with constants, IN, BETWEEN, LIKE, IS NULL, with NOT, AND,
 * OR and parentheses. Keys of a numeric type compare as numbers, all others as text. An empty one holds for all.
 * Source: https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html
 *
 * @throws {AwsError} InvalidInputException
 */
export function partitionFilter(expression: string, keys: readonly Column[]): PartitionFilter {
  if (expression.trim() === "") return () => true;
  const condition = new Expression(expression, keys).read();
  return (values) => condition(new Map(keys.map(({ Name }, at) => [Name.toLowerCase(), values[at] ?? ""])));
}

type Compared = (left: string, right: string) => number;

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "==": (order) => order === 0,
  "<>": (order) => order !== 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const byText: Compared = (left, right) => (left < right ? -1 : Number(left > right));
const byNumber: Compared = (left, right) => Number(left) - Number(right);

/** Hive's name for the partition of rows without a value. */
const NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

class Expression {
  readonly #text: string;
  readonly #tokens: string[] = [];
  readonly #orders: ReadonlyMap<string, Compared>;

  constructor(text: string, keys: readonly Column[]) {
    this.#text = text;
    this.#orders = new Map(
      keys.map(({ Name, Type }) => [Name.toLowerCase(), numeric.test(Type) ? byNumber : byText]),
    );
    const end = text.trimEnd().length;
    token.lastIndex = 0;
    while (token.lastIndex < end) {
      const [found] = token.exec(text) ?? this.#fail();
      this.#tokens.push(found.trim());
    }
  }

  read(): Condition {
    const condition = this.#or();
    return this.#tokens.length === 0 ? condition : this.#fail();
  }

  #fail(): never {
    throw invalidInput(`Unsupported expression '${this.#text}'`);
  }

  #takes(word: string): boolean {
    if (this.#tokens[0]?.toUpperCase() !== word) return false;
    this.#tokens.shift();
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) this.#fail();
  }

  #or(): Condition {
    const left = this.#and();
    if (!this.#takes("OR")) return left;
    const right = this.#or();
    return (values) => left(values) || right(values);
  }

  #and(): Condition {
    const left = this.#not();
    if (!this.#takes("AND")) return left;
    const right = this.#and();
    return (values) => left(values) && right(values);
  }

  #not(): Condition {
    if (this.#takes("NOT")) {
      const inner = this.#not();
      return (values) => !inner(values);
    }
    if (!this.#takes("(")) return this.#comparison();
    const inner = this.#or();
    this.#expect(")");
    return inner;
  }

  #comparison(): Condition {
    const key = (this.#tokens.shift() ?? this.#fail()).replaceAll('"', "").toLowerCase();
    const order = this.#orders.get(key) ?? this.#fail();
    const of = (values: ReadonlyMap<string, string>) => values.get(key) ?? "";
    if (this.#takes("IS")) {
      const wanted = !this.#takes("NOT");
      this.#expect("NULL");
      return (values) => (of(values) === NO_VALUE) === wanted;
    }
    const wanted = !this.#takes("NOT");
    const inner = this.#operation(order);
    return (values) => of(values) !== NO_VALUE && inner(of(values)) === wanted;
  }

  #operation(order: Compared): (value: string) => boolean {
    if (this.#takes("IN")) {
      const options: string[] = [];
      this.#expect("(");
      do options.push(this.#constant());
      while (this.#takes(","));
      this.#expect(")");
      return (value) => options.some((option) => order(value, option) === 0);
    }
    if (this.#takes("BETWEEN")) {
      const low = this.#constant();
      this.#expect("AND");
      const high = this.#constant();
      return (value) => order(value, low) >= 0 && order(value, high) <= 0;
    }
    if (this.#takes("LIKE")) {
      const escaped = this.#constant().replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
      const pattern = new RegExp(`^${escaped.replaceAll("%", ".*").replaceAll("_", ".")}$`, "s");
      return (value) => pattern.test(value);
    }
    const compare = comparisons[this.#tokens.shift() ?? ""] ?? this.#fail();
    const constant = this.#constant();
    return (value) => compare(order(value, constant));
  }

  #constant(): string {
    const found = this.#tokens.shift() ?? this.#fail();
    if (found.startsWith("'")) return found.slice(1, -1).replaceAll("''", "'");
    return /^-?\d/.test(found) ? found : this.#fail();
  }
}
