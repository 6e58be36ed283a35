import type { Parameters } from "../gateway/json-service.ts";
import { invalid } from "./invalid-request.ts";

/** A text of a request. @throws {AwsError} InvalidRequestException */
export function optional(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalid(`${name} must be a text`);
}

/** @throws {AwsError} InvalidRequestException */
export function required(parameters: Parameters, name: string): string {
  const value = optional(parameters, name);
  if (value !== undefined && value !== "") return value;
  throw invalid(`${name} is required`);
}

/** A part of a request with members of its own; empty where it is absent. @throws {AwsError} InvalidRequestException */
export function part(parameters: Parameters, name: string): Parameters {
  const value = parameters[name] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  throw invalid(`${name} must be an object`);
}

/** A list of texts; undefined where it is absent. @throws {AwsError} InvalidRequestException */
export function texts(parameters: Parameters, name: string): string[] | undefined {
  const value = parameters[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw invalid(`${name} must be a list of texts`);
  return value.map((each: unknown) => {
    if (typeof each === "string") return each;
    throw invalid(`${name} must be a list of texts`);
  });
}

/** One page of a list: from `NextToken`, `MaxResults` long. @throws {AwsError} InvalidRequestException */
export function page<Item>(
  items: readonly Item[],
  parameters: Parameters,
  most: number,
): { readonly items: readonly Item[]; readonly NextToken?: string } {
  const size = parameters.MaxResults ?? most;
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > most)
    throw invalid(`MaxResults must be from 1 to ${most}`);
  const token = optional(parameters, "NextToken");
  const start = token === undefined ? 0 : positionIn(token);
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { NextToken: Buffer.from(`row:${end}`).toString("base64url") } : {}),
  };
}

function positionIn(token: string): number {
  const found = /^row:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (found === undefined) throw invalid("Invalid NextToken");
  return Number(found);
}

/** Athena's JSON has instants as seconds since the epoch. */
export function seconds(date: Date): number {
  return date.getTime() / 1000;
}
