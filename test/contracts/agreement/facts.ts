import { type Contract, jsonSchema } from "@penstock/contracts";

/** What the published JSON Schema says of a column; the generators start from it, not from the code under test. */
export interface Facts {
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The facts of every column, whether it is nullable or not. */
export function factsOf(contract: Contract): Record<string, Facts> {
  const properties: Record<string, unknown> = jsonSchema(contract).properties ?? {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const wrapped = isObject(property) && Array.isArray(property.anyOf) ? property.anyOf[0] : property;
      return [name, isObject(wrapped) ? wrapped : {}];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
