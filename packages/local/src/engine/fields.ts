import { expressionSource } from "./expression.ts";
import type { Sees } from "./expression-checks.ts";
import type { Diagnostic } from "./invalid-definition.ts";
import { compileTemplate, type Template, type Typed } from "./template.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a whole number that JavaScript holds exactly. */
export function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/**
 * Reads the fields of one object of a definition. What is wrong is noted with its path, and reading goes on, so
 * that one attempt tells everything; a definition with any note never runs.
 */
export class Fields {
  readonly value: JsonObject;
  readonly path: string;
  readonly problems: Diagnostic[];
  /** What precedes a field's name where failures name it, such as `Choices[0]/`. */
  readonly prefix: string;

  constructor(value: JsonObject, path: string, problems: Diagnostic[], prefix = "") {
    this.value = value;
    this.path = path;
    this.problems = problems;
    this.prefix = prefix;
  }

  note(message: string, field?: string, code: Diagnostic["code"] = "SCHEMA_VALIDATION_FAILED"): void {
    const location = field === undefined ? this.path || "/" : `${this.path}/${field}`;
    this.problems.push({ code, location, message });
  }

  /** Notes every field that is not allowed here, at the object as AWS does. */
  refuseAllBut(allowed: ReadonlySet<string>): void {
    for (const name of Object.keys(this.value)) {
      if (!allowed.has(name)) this.note(unsupported(name));
    }
  }

  has(name: string): boolean {
    return this.value[name] !== undefined;
  }

  /** Notes the first that is missing of fields that must be there. */
  required(...names: readonly string[]): void {
    const missing = names.filter((name) => !this.has(name));
    if (missing.length > 0) this.note(`These fields are required: [${missing.join(", ")}]`);
  }

  string(name: string): string | undefined {
    return this.#typed(name, isString, "a string");
  }

  boolean(name: string): boolean | undefined {
    return this.#typed(name, (value) => typeof value === "boolean", "a boolean");
  }

  /** A number within [least, most]. */
  number(name: string, least: number, most: number, whole = true): number | undefined {
    const value = this.#typed(name, whole ? isInteger : isNumber, whole ? "an integer" : "a number");
    if (value === undefined || (value >= least && value <= most)) return value;
    this.note(`The value must be from ${least} to ${most}`, name);
    return undefined;
  }

  object(name: string): Fields | undefined {
    const value = this.#typed(name, isObject, "an object");
    return value && new Fields(value, `${this.path}/${name}`, this.problems, `${this.prefix}${name}/`);
  }

  /** The members of an array of objects. */
  objects(name: string): Fields[] {
    const values = this.#typed(name, (value) => Array.isArray(value), "an array") ?? [];
    return values.flatMap((value: unknown, index: number) => {
      if (isObject(value)) {
        return [
          new Fields(
            value,
            `${this.path}/${name}[${index}]`,
            this.problems,
            `${this.prefix}${name}[${index}]/`,
          ),
        ];
      }
      this.note("The value must be an object", `${name}[${index}]`);
      return [];
    });
  }

  strings(name: string): string[] {
    const values = this.#typed(name, (value) => Array.isArray(value), "an array of strings") ?? [];
    if (values.every(isString)) return values;
    this.note("The value must be an array of strings", name);
    return [];
  }

  /** Any JSON, with expressions in it. */
  template(name: string, sees: Sees = "input"): Template | undefined {
    if (!this.has(name)) return undefined;
    return compileTemplate(this.value[name], `${this.prefix}${name}`, sees, ({ code, message, location }) =>
      this.note(message, location.slice(this.prefix.length), code),
    );
  }

  /** A literal of one type, or an expression that must yield it. */
  typed<T>(name: string, accepts: (value: unknown) => value is T, expected: string): Typed<T> | undefined {
    const template = this.template(name);
    if (template === undefined) return undefined;
    const value = this.value[name];
    const source = typeof value === "string" ? expressionSource(value) : undefined;
    if (source === undefined && !accepts(value)) {
      this.note(`The value must be ${expected} or a JSONata expression`, name);
    }
    return { template, accepts, expected, source, location: `${this.prefix}${name}` };
  }

  #typed<T>(name: string, accepts: (value: unknown) => value is T, expected: string): T | undefined {
    const value = this.value[name];
    if (value === undefined) return undefined;
    if (accepts(value)) return value;
    this.note(`The value must be ${expected}`, name);
    return undefined;
  }
}

const jsonPathFields = new Set([
  "InputPath",
  "OutputPath",
  "ResultPath",
  "Parameters",
  "ResultSelector",
  "Result",
]);
const replacements: Readonly<Record<string, string>> = {
  InputPath: "Arguments or Output",
  OutputPath: "Output",
  ResultPath: "Output or Assign",
  Parameters: "Arguments",
  ResultSelector: "Output",
  Result: "Output",
  Iterator: "ItemProcessor",
  ItemsPath: "Items",
  Timeout: "TimeoutSeconds",
};

function unsupported(name: string): string {
  const instead = replacements[name];
  const hint = instead === undefined ? "" : `; use '${instead}'`;
  return jsonPathFields.has(name) || /Path$/.test(name)
    ? `The QueryLanguage is set to 'JSONata', but field '${name}' is only supported for the 'JSONPath' QueryLanguage${hint}`
    : `Field '${name}' is not supported${hint}`;
}
