import { notEnoughData } from "@penstock/models";
import * as v from "valibot";

/** So many entries of a long list are held against the contract; the model makes them all in the same way. */
const SAMPLE = 200;

interface Said {
  readonly status: string;
  readonly model: string;
  readonly version: number;
}

/**
 * A model's answer if it keeps its contract, otherwise "not enough data" with what is wrong: one fit that has gone astray
 * must not take the system's other reports with it. Every number is looked at, of the form of long lists a sample.
 */
export function soundAnswer<Result extends Said>(
  contract: v.GenericSchema<unknown, Result>,
  answer: Result,
): Result {
  if (answer.status !== "ok") return answer;
  const refuse = (reason: string) => v.parse(contract, notEnoughData(answer.model, answer.version, reason));
  if (!everyFinite(answer)) return refuse("the fit gave no finite numbers");
  const parsed = v.safeParse(contract, sampled(answer));
  if (parsed.success) return answer;
  const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the whole of it");
  return refuse(`the fit gave values out of range, at: ${[...new Set(fields)].slice(0, 5).join(", ")}`);
}

function everyFinite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  for (const key in value) if (!everyFinite(Reflect.get(value, key))) return false;
  return true;
}

/** The answer with at most so many entries of each of its lists, spread over them. */
function sampled(answer: object): object {
  const parts = Object.entries(answer).map(([key, value]) => {
    if (!Array.isArray(value) || value.length <= SAMPLE) return [key, value];
    const step = value.length / SAMPLE;
    return [key, Array.from({ length: SAMPLE }, (_, i) => value[Math.floor(i * step)])];
  });
  return Object.fromEntries(parts);
}
