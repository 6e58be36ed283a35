import { AwsError } from "../gateway/aws-error.ts";
import type { Parameters } from "../gateway/json-service.ts";
import type { WantedStream } from "../program/streams.ts";
import { Stream } from "./stream.ts";

/** The program's data streams, by name. */
export class Streams {
  readonly account: string;
  readonly #byName: ReadonlyMap<string, Stream>;

  constructor(wanted: readonly WantedStream[], account: string) {
    this.account = account;
    this.#byName = new Map(wanted.map((each) => [each.name, new Stream(each)]));
  }

  all(): Stream[] {
    return [...this.#byName.values()].sort((left, right) => (left.wanted.name < right.wanted.name ? -1 : 1));
  }

  /** @throws {AwsError} ResourceNotFoundException */
  get(name: string): Stream {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    throw new AwsError(
      "ResourceNotFoundException",
      `Stream ${name} under account ${this.account} not found.`,
    );
  }

  /** The stream that a request names, by its ARN or its name. @throws {AwsError} */
  named({ StreamARN, StreamName }: Parameters): Stream {
    if (typeof StreamARN === "string") return this.get(StreamARN.slice(StreamARN.indexOf("/") + 1));
    if (typeof StreamName === "string") return this.get(StreamName);
    throw new AwsError("InvalidArgumentException", "Must provide either StreamARN or StreamName.");
  }
}
