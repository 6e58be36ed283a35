import type { ResultShapes, Shape } from "../engine/index.ts";

/** The SDK's packages, by the name that Step Functions has for the service in `aws-sdk:<service>`. */
const packages: Readonly<Record<string, () => Promise<object>>> = {
  athena: () => import("@aws-sdk/client-athena"),
  dynamodb: () => import("@aws-sdk/client-dynamodb"),
  eventbridge: () => import("@aws-sdk/client-eventbridge"),
  glue: () => import("@aws-sdk/client-glue"),
  lambda: () => import("@aws-sdk/client-lambda"),
  s3: () => import("@aws-sdk/client-s3"),
  sfn: () => import("@aws-sdk/client-sfn"),
  sns: () => import("@aws-sdk/client-sns"),
  sqs: () => import("@aws-sdk/client-sqs"),
  sts: () => import("@aws-sdk/client-sts"),
};

/**
 * The answers of the local cloud's services, from the models that their SDK packages carry: `Invoke$` is the operation,
 * and so on. The models tell types and what is required; lengths and the values of enumerations are not in them.
 */
export const resultShapes: ResultShapes = async (service, action) => {
  const load = Object.hasOwn(packages, service) ? packages[service] : undefined;
  if (load === undefined) return undefined;
  const operation: unknown = Reflect.get(await load(), `${pascal(action)}$`);
  if (!Array.isArray(operation) || operation[0] !== kinds.operation) return undefined;
  return shapeOf(operation[outputAt]);
};

/** First members of the arrays that describe what is no simple type. */
const kinds = { list: 1, map: 2, structure: 3, union: 4, operation: 9, simple: 0 } as const;
/** Where an operation has the shape of its answer. */
const outputAt = 5;

/** Numbers that stand for simple types: the lowest bits say which, the two others that it is a list or map of them. */
const typeBits = 0b111111;
const listBit = 0b1000000;
const mapBit = 0b10000000;
const simpleTypes: Readonly<Record<number, Shape>> = {
  0: { kind: "string" },
  1: { kind: "number" },
  2: { kind: "boolean" },
  // Instants; Step Functions gives them as text.
  4: { kind: "string" },
  5: { kind: "string" },
  6: { kind: "string" },
  7: { kind: "string" },
  17: { kind: "number" },
  19: { kind: "number" },
  // Bytes and streams, which are text in a state's data too.
  21: { kind: "string" },
  42: { kind: "string" },
};
const anything: Shape = { kind: "anything" };

function shapeOf(model: unknown): Shape {
  if (typeof model === "function") return shapeOf(model());
  if (typeof model === "number") {
    const of = simpleTypes[model & typeBits] ?? anything;
    if (model & listBit) return { kind: "array", of: () => of };
    return model & mapBit ? { kind: "object", of: () => of } : of;
  }
  if (!Array.isArray(model)) return anything;
  // A pair is a model and its traits.
  if (model.length === 2) return shapeOf(model[0]);
  // Otherwise: kind, namespace, name, traits, and what the kind needs.
  const parts: readonly unknown[] = model.slice(4);
  switch (model[0]) {
    case kinds.list:
      return { kind: "array", of: () => shapeOf(parts[0]) };
    case kinds.map:
      return { kind: "object", of: () => shapeOf(parts[1]) };
    case kinds.structure:
    case kinds.union: {
      const [names, models, required] = parts;
      if (!Array.isArray(names) || !Array.isArray(models)) return anything;
      const members = names.map((name, at) => [pascal(String(name)), () => shapeOf(models[at])] as const);
      // The required members come first.
      const count = typeof required === "number" ? required : 0;
      return {
        kind: "structure",
        members: new Map(members),
        required: members.slice(0, count).map(([name]) => name),
      };
    }
    case kinds.simple:
      return shapeOf(parts[0]);
    default:
      return anything;
  }
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
