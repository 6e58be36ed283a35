import { randomBytes } from "node:crypto";
import { javaTime } from "./java-time.ts";

/** A prefix of object names, taken apart. Source: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html */
export type Prefix = readonly PrefixPart[];
interface PrefixPart {
  readonly kind: "text" | "time" | "partition key" | "error type" | "random";
  /** Of a partition key. */
  readonly name?: string;
  readonly written: (facts: PrefixFacts) => string;
}

/** What an object is of: it decides how its prefix comes out. */
export interface PrefixFacts {
  /** When the oldest of the object's records came. */
  readonly oldest: Date;
  /** Partition keys of the records, all that the prefix names. */
  readonly keys: Readonly<Record<string, string>>;
  /** Why the records could not be delivered; empty when they are. */
  readonly errorType: string;
}

/** What Firehose puts behind a prefix that says nothing itself. */
const BY_HOUR = "yyyy/MM/dd/HH/";

/** @param refuse told of an expression that AWS would not take, or that is not understood here */
export function parsePrefix(text: string, refuse: (why: string) => never): Prefix {
  const parts = text.split(/(!\{[^}]*\})/).flatMap((piece) => (piece === "" ? [] : [part(piece, refuse)]));
  return parts.every(({ kind }) => kind === "text") ? [...parts, time(BY_HOUR, refuse)] : parts;
}

function part(piece: string, refuse: (why: string) => never): PrefixPart {
  const [expression, namespace, name = ""] = /^!\{([^:]*):?(.*)\}$/.exec(piece) ?? [];
  if (expression === undefined) {
    if (piece.includes("!{")) refuse(`"${piece}" has an expression without an end.`);
    return { kind: "text", written: () => piece };
  }
  if (namespace === "timestamp") return time(name, refuse);
  if (namespace === "partitionKeyFromQuery")
    return { kind: "partition key", name, written: ({ keys }) => keys[name] ?? "" };
  if (expression === "!{firehose:error-output-type}")
    return { kind: "error type", written: ({ errorType }) => errorType };
  // Eleven characters, as AWS's.
  if (expression === "!{firehose:random-string}")
    return { kind: "random", written: () => randomBytes(6).toString("hex").slice(1) };
  return refuse(`the expression ${expression} is not known here.`);
}

function time(pattern: string, refuse: (why: string) => never): PrefixPart {
  const written = javaTime(pattern) ?? refuse(`the pattern "${pattern}" of a timestamp is not known here.`);
  return { kind: "time", written: ({ oldest }) => written(oldest) };
}

/** The partition keys that a prefix names. */
export function namedKeys(prefix: Prefix): string[] {
  return prefix.flatMap(({ name }) => (name === undefined ? [] : [name]));
}

/** The prefix of an object. */
export function evaluatePrefix(prefix: Prefix, facts: PrefixFacts): string {
  return prefix.map(({ written }) => written(facts)).join("");
}
