import type { BusEvent } from "./event.ts";

/** How a target turns an event into its input. At most one of them; none passes the event on. */
export interface InputShape {
  /** Constant JSON text. */
  readonly input?: string;
  /** JSONPath of the part of the event to pass on. */
  readonly inputPath?: string;
  readonly inputTransformer?: {
    readonly inputPaths?: Readonly<Record<string, string>>;
    readonly inputTemplate: string;
  };
}

/** The value at a path such as `$.detail.object.key` or `$.resources[0]`; undefined when there is none. */
function valueAt(event: unknown, path: string): unknown {
  const steps = path.replace(/^\$\.?/, "").match(/[^.[\]]+/g) ?? [];
  let value: unknown = event;
  for (const step of steps) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, step.replace(/^['"]|['"]$/g, ""));
  }
  return value;
}

const RESERVED = "aws.events.";

/** The JSON text that a target receives for an event. */
export function targetInput(shape: InputShape, event: BusEvent, rule: { arn: string; name: string }): string {
  if (shape.input !== undefined) return shape.input;
  if (shape.inputPath !== undefined && shape.inputPath !== "") {
    return JSON.stringify(valueAt(event, shape.inputPath) ?? null);
  }
  if (shape.inputTransformer === undefined) return JSON.stringify(event);
  const { inputPaths = {}, inputTemplate } = shape.inputTransformer;
  const reserved: Readonly<Record<string, unknown>> = {
    "rule-arn": rule.arn,
    "rule-name": rule.name,
    "event.ingestion-time": event.time,
    "event.json": event,
    event: { ...event, detail: undefined },
  };
  return inputTemplate.replace(/<([^<>"]+)>/g, (whole, name: string, offset: number) => {
    const path = inputPaths[name];
    if (path === undefined && !name.startsWith(RESERVED)) return whole;
    const value = path === undefined ? reserved[name.slice(RESERVED.length)] : valueAt(event, path);
    const json = JSON.stringify(value ?? null);
    if (!isInsideText(inputTemplate, offset)) return json;
    // Within a text a text goes without its quotes, anything else as its JSON, and nothing as nothing.
    if (value === undefined || value === null) return "";
    return (typeof value === "string" ? json : JSON.stringify(json)).slice(1, -1);
  });
}

/** Whether a position lies within a JSON text rather than where a value stands. */
function isInsideText(template: string, offset: number): boolean {
  const before = template.slice(0, offset).replaceAll("\\\\", "").replaceAll('\\"', "");
  return (before.split('"').length - 1) % 2 === 1;
}
