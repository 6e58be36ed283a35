import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";

/** JSON Schema as Nova's tools, OpenAI's strict outputs and grammars of open-weight models all take it. */
export type AnswerSchema = { readonly description?: string } & (
  | ObjectSchema
  | { readonly type: "array"; readonly items: AnswerSchema }
  | { readonly type: "string"; readonly enum?: readonly string[] }
  | { readonly type: "number" | "integer" | "boolean" | "null" }
  | { readonly anyOf: readonly [AnswerSchema, { readonly type: "null" }] }
);

/** An object all of whose members must be there, and no others. */
export interface ObjectSchema {
  readonly description?: string;
  readonly type: "object";
  readonly properties: Readonly<Record<string, AnswerSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/** The form in which a model has to answer, as models are told of it. */
export interface RequestedAnswer {
  /** Small letters, digits and underscores, ≤ 64: the name of a tool, or of a schema. */
  readonly name: string;
  readonly description: string;
  readonly schema: ObjectSchema;
}

/** A form together with the contract by which what came is parsed. */
export interface AnswerForm<Contract extends v.GenericSchema = v.GenericSchema> extends RequestedAnswer {
  readonly contract: Contract;
}

/**
 * The form of a contract: `v.strictObject` of objects, arrays, strings, picklists of texts, numbers, booleans and
 * nullable ones of these, with descriptions. Lengths, bounds and checks are left to the contract: no model takes all of
 * them, and none may be trusted with one.
 * @throws {TypeError} for anything else, at load: it is a mistake of the program
 */
export function answerForm<const Contract extends v.GenericSchema>(
  name: string,
  description: string,
  contract: Contract,
): AnswerForm<Contract> {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) throw new TypeError(`"${name}" is no name of an answer's form`);
  const schema = reduced(toJsonSchema(contract, { errorMode: "ignore", typeMode: "input" }), name);
  if (!("type" in schema) || schema.type !== "object") throw new TypeError(`${name} is no object`);
  return { name, description, schema, contract };
}

const SCALARS = ["string", "number", "integer", "boolean", "null"] as const;

/** What of a JSON Schema everybody takes; `place` says where in the contract something else was found. */
function reduced(from: unknown, place: string): AnswerSchema {
  if (!isObject(from)) throw new TypeError(`${place} cannot stand in an answer's form`);
  const described = typeof from.description === "string" ? { description: from.description } : {};
  if (from.type === "object") return { ...described, ...reducedObject(from, place) };
  if (from.type === "array") return { ...described, type: "array", items: reduced(from.items, `${place}[]`) };
  if (Array.isArray(from.anyOf)) return { ...described, anyOf: nullable(from.anyOf, place) };
  const type = SCALARS.find((scalar) => scalar === from.type);
  if (type === undefined) throw new TypeError(`${place} cannot stand in an answer's form`);
  if (from.enum === undefined) return { ...described, type };
  if (type !== "string" || !Array.isArray(from.enum))
    throw new TypeError(`${place} has a choice of something else than texts`);
  return { ...described, type, enum: from.enum.map(String) };
}

function reducedObject(from: Readonly<Record<string, unknown>>, place: string): ObjectSchema {
  const { properties, required, additionalProperties } = from;
  if (!isObject(properties) || !Array.isArray(required) || additionalProperties !== false)
    throw new TypeError(`${place} must be a strict object`);
  const optional = Object.keys(properties).find((key) => !required.includes(key));
  if (optional !== undefined)
    throw new TypeError(`${place}.${optional} is optional; let it be nullable: all members are required`);
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [key, reduced(value, `${place}.${key}`)]),
    ),
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function nullable(choices: readonly unknown[], place: string): readonly [AnswerSchema, { type: "null" }] {
  const [one, none] = choices.map((choice) => reduced(choice, place));
  if (
    choices.length !== 2 ||
    one === undefined ||
    none === undefined ||
    !("type" in none) ||
    none.type !== "null"
  )
    throw new TypeError(`${place} has a choice that is not between something and null`);
  return [one, { type: "null" }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
