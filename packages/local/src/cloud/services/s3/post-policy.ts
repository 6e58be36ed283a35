import * as v from "valibot";
import { AwsError } from "../../gateway/aws-error.ts";
import type { PostForm } from "./post-form.ts";

/** What a policy is held against. */
export interface JudgedForm {
  readonly bucket: string;
  /** Under which the object would lie: what stands for the file's name is put in already. */
  readonly key: string;
  readonly fields: PostForm["fields"];
}

/** The sizes that a policy takes, in bytes, both included. */
export interface SizeRange {
  readonly least: number;
  readonly most: number;
}

type Condition =
  | { readonly operator: "eq" | "starts-with"; readonly name: string; readonly value: string }
  | { readonly operator: "content-length-range"; readonly bounds: readonly [string, string] };

/** Fields that no condition needs to name. */
const UNNAMED = new Set(["x-amz-signature", "policy", "file"]);
const IGNORED = "x-ignore-";

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const Bound = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
const Policy = v.looseObject({ expiration: v.optional(v.unknown()), conditions: v.optional(v.unknown()) });

const invalid = (why: string) => new AwsError("InvalidPolicyDocument", `Invalid Policy: ${why}`);

const denied = (why: string) => new AwsError("AccessDenied", `Invalid according to Policy: ${why}`, 403);

/** As S3 prints it: a blank after each comma, and a simple condition as the list that it stands for. */
function failed(condition: readonly string[]): AwsError {
  return denied(`Policy Condition failed: [${condition.map((each) => JSON.stringify(each)).join(", ")}]`);
}

/**
 * Holds a form against the policy that came with it, whose signature has been found right: the time, each condition, and
 * that every field is one that a condition names.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 * @param encoded the policy as it came, in base64
 * @returns which sizes the policy takes; undefined where it does not say
 * @throws {AwsError} InvalidPolicyDocument, AccessDenied
 */
export function judgeByPolicy(form: JudgedForm, encoded: string, now: Date): SizeRange | undefined {
  const { expiration, conditions } = parsePolicy(encoded);
  if (now.getTime() >= expiration.getTime()) throw denied("Policy expired.");
  for (const condition of conditions) requireMet(condition, form);
  requireNamed(form, conditions);
  return sizesOf(conditions);
}

function parsePolicy(encoded: string): { expiration: Date; conditions: Condition[] } {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) throw invalid("Invalid Base64 encoding.");
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  } catch {
    throw invalid("Invalid JSON.");
  }
  const policy = v.safeParse(Policy, document);
  if (!policy.success) throw invalid("Invalid JSON.");
  const unexpected = Object.keys(policy.output).find(
    (name) => name !== "expiration" && name !== "conditions",
  );
  if (unexpected !== undefined) throw invalid(`Unexpected: '${unexpected.toLowerCase()}'`);
  const { expiration, conditions } = policy.output;
  if (expiration === undefined) throw invalid("Policy missing expiration.");
  if (typeof expiration !== "string" || !UTC.test(expiration) || Number.isNaN(Date.parse(expiration)))
    throw invalid(`Invalid 'expiration' value: '${String(expiration)}'`);
  if (conditions === undefined) throw invalid("Policy missing conditions.");
  if (!Array.isArray(conditions)) throw invalid("Invalid 'conditions' value: must be a List.");
  return { expiration: new Date(expiration), conditions: conditions.map(conditionOf) };
}

function conditionOf(given: unknown): Condition {
  if (Array.isArray(given)) return listedCondition(given);
  if (typeof given !== "object" || given === null)
    throw invalid("Invalid Condition: must be a List or an Object.");
  const [pair, ...others] = Object.entries(given);
  if (pair === undefined || others.length > 0)
    throw invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
  const [name, value]: [string, unknown] = pair;
  if (typeof value !== "string") throw invalid("Invalid Simple-Condition: value must be a string.");
  return { operator: "eq", name: `$${name}`, value };
}

function listedCondition(given: readonly unknown[]): Condition {
  const [operator, first, second, ...more] = given;
  if (operator === undefined) throw invalid("Invalid Condition: missing operation identifier.");
  if (operator !== "eq" && operator !== "starts-with" && operator !== "content-length-range")
    throw invalid(`Invalid Condition: unknown operation '${String(operator)}'.`);
  if (second === undefined || more.length > 0)
    throw invalid(`Invalid ${operator}: wrong number of arguments.`);
  if (operator === "content-length-range") {
    const bounds = [v.safeParse(Bound, first), v.safeParse(Bound, second)];
    const [least, most] = bounds.map((bound) => (bound.success ? bound.output : ""));
    if (least === undefined || most === undefined || bounds.some((bound) => !bound.success))
      throw invalid("Invalid JSON.");
    if (/^-|\./.test(least) || /^-|\./.test(most)) throw invalid("Invalid JSON.");
    return { operator, bounds: [least, most] };
  }
  if (typeof first !== "string" || typeof second !== "string") throw invalid("Invalid JSON.");
  return { operator, name: first, value: second };
}

function requireMet(condition: Condition, form: JudgedForm): void {
  if (condition.operator === "content-length-range") {
    if (!condition.bounds.every((bound) => /^\d+$/.test(bound)))
      throw failed([condition.operator, ...condition.bounds]);
    return;
  }
  const { operator, name, value } = condition;
  const field = name.startsWith("$") ? fieldNamed(name.slice(1).toLowerCase(), form) : undefined;
  // Types that begin so are a list: each of them must.
  const parts =
    operator === "starts-with" && name.toLowerCase() === "$content-type" ? field?.split(",") : [field];
  const met = parts?.every((part) =>
    part === undefined ? false : operator === "eq" ? part === value : part.startsWith(value),
  );
  if (met !== true) throw failed([operator, name, value]);
}

/** The value that a condition is about: of the bucket, that of the address that the form was sent to. */
function fieldNamed(name: string, { bucket, key, fields }: JudgedForm): string | undefined {
  if (name === "bucket") return bucket;
  return name === "key" ? key : fields.get(name)?.value;
}

function requireNamed({ fields }: JudgedForm, conditions: readonly Condition[]): void {
  const named = new Set(
    conditions.flatMap((condition) => ("name" in condition ? condition.name.slice(1).toLowerCase() : [])),
  );
  const extra = [...fields]
    .filter(([name]) => !UNNAMED.has(name) && !name.startsWith(IGNORED) && !named.has(name))
    .map(([, { name }]) => name);
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(", ")}`);
}

/** The narrowest of the ranges: each of them must hold. */
function sizesOf(conditions: readonly Condition[]): SizeRange | undefined {
  const ranges = conditions.flatMap((condition) =>
    "bounds" in condition ? [condition.bounds.map(Number)] : [],
  );
  if (ranges.length === 0) return undefined;
  return {
    least: Math.max(...ranges.map(([least = 0]) => least)),
    most: Math.min(...ranges.map(([, most = 0]) => most)),
  };
}
