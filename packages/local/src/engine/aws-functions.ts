import { createHash, randomUUID } from "node:crypto";
import type jsonata from "jsonata";

/** JSONata marks arrays that stand for a sequence of values; a sequence of one value is that value. */
function sequence(values: unknown[]): unknown[] {
  return Object.assign(values, { sequence: true });
}

/** As JSONata's own limit for `..`. */
const maxRange = 10_000_000;

const hashes: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

function partition(values: unknown, size: unknown): unknown {
  if (values === undefined || size === undefined) return undefined;
  // AWS rounds towards zero.
  const length = typeof size === "number" ? Math.trunc(size) : 0;
  if (!(length >= 1)) throw new Error("The chunk size of $partition must be a positive integer");
  const all = Array.isArray(values) ? values : [values];
  const chunks: unknown[][] = [];
  for (let start = 0; start < all.length; start += length) chunks.push(all.slice(start, start + length));
  return chunks;
}

function range(...given: readonly unknown[]): unknown {
  if ([0, 1, 2].some((at) => given[at] === undefined)) return undefined;
  // AWS rounds towards zero.
  const [first = 0, last = 0, step = 0] = given.map((each) =>
    typeof each === "number" ? Math.trunc(each) : Number.NaN,
  );
  if (Number.isNaN(first + last + step)) throw new Error("$range takes three numbers: first, last and step");
  if (step === 0) throw new Error("The step of $range must not be 0");
  const count = Math.floor((last - first) / step) + 1;
  if (count > maxRange) throw new Error(`$range would return more than ${maxRange} values`);
  if (count < 1) return [];
  return sequence(Array.from({ length: count }, (_, index) => first + index * step));
}

function hash(text: unknown, algorithm: unknown): unknown {
  if (text === undefined || algorithm === undefined) return undefined;
  const name = typeof algorithm === "string" ? hashes[algorithm] : undefined;
  if (typeof text !== "string" || name === undefined) {
    throw new Error(`$hash takes a string and one of ${Object.keys(hashes).join(", ")}`);
  }
  return createHash(name).update(text).digest("hex");
}

const seedMask = (1n << 48n) - 1n;

/** In [0, 1). With a seed the first double of Java's generator, as on AWS: 0.7275636800328681 for 42. */
function random(seed?: unknown): number {
  if (seed === undefined) return Math.random();
  if (typeof seed !== "number" || !Number.isFinite(seed))
    throw new Error("The seed of $random must be a number");
  let state = (BigInt(Math.trunc(seed)) ^ 0x5deece66dn) & seedMask;
  const next = (bits: bigint) => {
    state = (state * 0x5deece66dn + 0xbn) & seedMask;
    return state >> (48n - bits);
  };
  return Number((next(26n) << 27n) + next(27n)) / 2 ** 53;
}

function parse(text: unknown): unknown {
  if (text === undefined) return undefined;
  if (typeof text !== "string") throw new Error("$parse takes a string that holds JSON");
  return JSON.parse(text);
}

/** Binds the functions that Step Functions adds to JSONata, and takes away `$eval`, which it does not allow. */
export function bindAwsFunctions(expression: jsonata.Expression): void {
  expression.registerFunction("partition", partition);
  expression.registerFunction("range", range);
  expression.registerFunction("hash", hash);
  expression.registerFunction("random", random);
  expression.registerFunction("uuid", () => randomUUID());
  expression.registerFunction("parse", parse);
  expression.assign("eval", undefined);
}
