import { AwsError } from "../gateway/aws-error.ts";

/** AWS names no more of them. */
const MOST_NAMED = 10;

/** Collects what a request has wrong, and tells it as AWS's services do: all at once, by the members' paths. */
export class Constraints {
  readonly #broken: string[] = [];

  /**
   * @param at path of the member, as `records.1.member.data`: lists count from 1
   * @param shown the value as the message has it; undefined for one that is missing
   */
  require(holds: boolean, at: string, shown: string | undefined, rule: string): void {
    if (holds) return;
    const value = shown === undefined ? "null" : `'${shown}'`;
    this.#broken.push(`Value ${value} at '${at}' failed to satisfy constraint: ${rule}`);
  }

  /** A text that must be there, of a length. @returns the text, or an empty one when it is not there */
  text(value: unknown, at: string, longest: number): string {
    if (typeof value !== "string") {
      this.require(false, at, undefined, "Member must not be null");
      return "";
    }
    this.require(value.length >= 1, at, value, "Member must have length greater than or equal to 1");
    this.require(
      value.length <= longest,
      at,
      value,
      `Member must have length less than or equal to ${longest}`,
    );
    return value;
  }

  /** @throws {AwsError} ValidationException */
  check(): void {
    const { length } = this.#broken;
    if (length === 0) return;
    const named = this.#broken.slice(0, MOST_NAMED);
    throw new AwsError(
      "ValidationException",
      `${named.length} validation error${named.length > 1 ? "s" : ""} detected: ${named.join("; ")}`,
    );
  }
}
