import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Clock } from "../../engine/index.ts";
import type { AwsClients } from "../aws-clients.ts";
import { AwsError } from "../gateway/aws-error.ts";
import type { Streams } from "../kinesis/streams.ts";
import type { Guard } from "../permissions/index.ts";
import type { WantedDeliveryStream } from "../program/delivery-streams.ts";
import { DeliveryStream } from "./delivery-stream.ts";
import { Jq } from "./jq.ts";
import { objectName } from "./object-name.ts";

export interface FirehoseSides {
  readonly streams: Streams;
  readonly clients: AwsClients;
  readonly guard: Guard;
  readonly clock: Clock;
  /** Told of what stays undelivered. AWS would go on trying for a day; here nothing changes by waiting. */
  readonly onLost: (loss: { rule: string; target: string; reason: string }) => void;
}

/** What Firehose asks a data stream for, in its role's name. Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html */
const READING = ["DescribeStream", "GetRecords", "GetShardIterator", "ListShards"];

const compressed = promisify(gzip);

/** The program's delivery streams, at work. */
export class Firehose {
  readonly #byName: ReadonlyMap<string, DeliveryStream>;
  /** One for all: records come in turns. */
  readonly #jq = new Jq();

  constructor(wanted: readonly WantedDeliveryStream[], sides: FirehoseSides) {
    this.#byName = new Map(wanted.map((each) => [each.name, deliveryStream(each, sides, this.#jq)]));
  }

  get pending(): number {
    return this.all().reduce((sum, { pending }) => sum + pending, 0);
  }

  all(): DeliveryStream[] {
    return [...this.#byName.values()];
  }

  /** @throws {AwsError} ResourceNotFoundException */
  get(name: string, account: string): DeliveryStream {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", `Firehose ${name} under account ${account} not found.`);
  }

  /** Writes what waits for more. */
  async flush(): Promise<void> {
    await Promise.all(this.all().map((each) => each.flush()));
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#jq.close();
  }
}

function deliveryStream(
  wanted: WantedDeliveryStream,
  { streams, clients, guard, clock, onLost }: FirehoseSides,
  jq: Jq,
): DeliveryStream {
  const { name, source, role, bucket, compression, extension } = wanted;
  const lost = (target: string, thrown: unknown) =>
    onLost({
      rule: name,
      target,
      reason: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    });
  return new DeliveryStream(wanted, {
    stream: streams.named({ StreamARN: source.streamArn }),
    clock,
    jq,
    mayRead: async () => {
      for (const action of READING) {
        const parameters = { StreamARN: source.streamArn };
        const refused = await guard.roleRefusal(
          { role: source.role, session: name },
          "kinesis",
          action,
          parameters,
        );
        if (refused !== undefined) throw refused;
      }
    },
    onUnreadable: (reason) => lost(source.streamArn, reason),
    write: async (prefix, body) => {
      const key = `${prefix}${objectName(name, extension)}`;
      try {
        const content = compression === "GZIP" ? await compressed(body) : body;
        await clients.call(
          "s3",
          "putObject",
          { Bucket: bucket, Key: key, Body: content },
          { role, session: name, signal: AbortSignal.timeout(60_000) },
        );
      } catch (thrown) {
        lost(`arn:aws:s3:::${bucket}/${key}`, thrown);
      }
    },
  });
}
