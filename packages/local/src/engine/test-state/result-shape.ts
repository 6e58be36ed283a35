import { isObject } from "../fields.ts";

/** What an API says of one value of its answer. Parts of a shape are read when they are needed: some contain themselves. */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "anything" }
  | { readonly kind: "array" | "object"; readonly of: () => Shape }
  | {
      readonly kind: "structure";
      readonly members: ReadonlyMap<string, () => Shape>;
      readonly required: readonly string[];
    };

const expected = {
  string: "a string",
  number: "a number",
  boolean: "a boolean",
  array: "an array",
  object: "an object",
  structure: "an object",
} as const;

/**
 * What is wrong with a value, in AWS's words; undefined when it conforms. Members that the shape does not know are
 * nobody's business: an API may have grown.
 */
export function shapeProblem(
  value: unknown,
  shape: Shape,
  demandRequired: boolean,
  field = "",
): string | undefined {
  const wrong = (kind: keyof typeof expected) => `Field '${field}' must be ${expected[kind]}`;
  switch (shape.kind) {
    case "anything":
      return undefined;
    case "array":
      if (!Array.isArray(value)) return wrong(shape.kind);
      return firstProblem(value, (item) => shapeProblem(item, shape.of(), demandRequired, field));
    case "object":
      if (!isObject(value)) return wrong(shape.kind);
      return firstProblem(Object.values(value), (item) =>
        shapeProblem(item, shape.of(), demandRequired, field),
      );
    case "structure": {
      if (!isObject(value)) return wrong(shape.kind);
      const missing = demandRequired ? shape.required.find((name) => value[name] === undefined) : undefined;
      if (missing !== undefined) return `Required field '${missing}' is missing`;
      return firstProblem(Object.entries(value), ([name, member]) => {
        const of = shape.members.get(name);
        return of && shapeProblem(member, of(), demandRequired, name);
      });
    }
    default:
      return typeof value === shape.kind ? undefined : wrong(shape.kind);
  }
}

function firstProblem<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = find(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
