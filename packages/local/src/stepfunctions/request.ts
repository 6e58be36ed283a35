import { ApiError } from "./api-error.ts";

/** The body of a request; reading a field of the wrong type is a ValidationException, as on AWS. */
export class Request {
  readonly #body: Readonly<Record<string, unknown>>;

  constructor(body: unknown) {
    if (typeof body !== "object" || body === null || Array.isArray(body)) {
      throw new ApiError("SerializationException", "The request's body must be a JSON object");
    }
    this.#body = Object.fromEntries(Object.entries(body));
  }

  /** Text of at most so many characters. */
  optional(name: string, longest = Number.POSITIVE_INFINITY): string | undefined {
    const value = this.#body[name] ?? undefined;
    if (value !== undefined && typeof value !== "string") {
      throw invalid(`Value at '${name}' failed to satisfy constraint: Member must be a string`);
    }
    if (value === undefined || value.length <= longest) return value;
    throw invalid(
      `Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
    );
  }

  /** One of a few texts. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.optional(name);
    const found = choices.find((choice) => choice === value);
    if (found !== undefined || value === undefined) return found;
    throw invalid(
      `Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${choices.join(", ")}]`,
    );
  }

  string(name: string): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    throw invalid(`Value null at '${name}' failed to satisfy constraint: Member must not be null`);
  }

  flag(name: string): boolean | undefined {
    const value = this.#body[name] ?? undefined;
    if (value === undefined || typeof value === "boolean") return value;
    throw invalid(`Value at '${name}' failed to satisfy constraint: Member must be a boolean`);
  }

  /** A number from 0 to the most that is allowed. */
  number(name: string, most: number, whole: boolean): number | undefined {
    const value = this.#body[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value === "number" && value >= 0 && value <= most && (!whole || Number.isInteger(value)))
      return value;
    const kind = whole ? "an integer" : "a number";
    throw invalid(
      `Value '${value}' at '${name}' failed to satisfy constraint: Member must be ${kind} from 0 to ${most}`,
    );
  }

  /** How many results to return at most: from 0 (which means the default) to 1000, or to fewer. */
  maxResults(most = 1000): number {
    const value = this.#body.maxResults ?? 0;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most)
      return value || 100;
    throw invalid(`Value at 'maxResults' failed to satisfy constraint: Member must be from 0 to ${most}`);
  }

  /** A list of texts. */
  list(name: string): readonly string[] {
    const value = this.#body[name] ?? [];
    if (Array.isArray(value) && value.every((item): item is string => typeof item === "string")) return value;
    throw invalid(`Value at '${name}' failed to satisfy constraint: Member must be a list of strings`);
  }

  /** A part that is kept and given back as it came, such as a logging configuration. */
  raw(name: string): unknown {
    return this.#body[name] ?? undefined;
  }
}

function invalid(message: string): ApiError {
  return new ApiError("ValidationException", `1 validation error detected: ${message}`);
}

/** Where the next page starts, in the token that AWS would make opaque. */
export function pageToken(position: number): string {
  return Buffer.from(`page:${position}`).toString("base64url");
}

/** @throws ApiError InvalidToken */
export function pagePosition(token: string | undefined): number | undefined {
  if (token === undefined) return undefined;
  const position = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (position === undefined) throw new ApiError("InvalidToken", `Invalid Token: '${token}'`);
  return Number(position);
}

/** One page of a list, and the token of the next. */
export function page<T>(all: readonly T[], request: Request): { items: readonly T[]; nextToken?: string } {
  const start = pagePosition(request.optional("nextToken")) ?? 0;
  const end = start + request.maxResults();
  const items = all.slice(start, end);
  return end < all.length ? { items, nextToken: pageToken(end) } : { items };
}

/** The AWS JSON protocol writes instants as seconds since the epoch. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

const forbiddenInNames = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** @throws ApiError InvalidName for its characters, ValidationException for its length */
export function checkName(name: string): string {
  if (name.length < 1 || name.length > 80) {
    throw invalid(
      `Value '${name}' at 'name' failed to satisfy constraint: Member must have 1 to 80 characters`,
    );
  }
  if (!forbiddenInNames.test(name)) return name;
  throw new ApiError("InvalidName", `Invalid Name: '${name}'`);
}
