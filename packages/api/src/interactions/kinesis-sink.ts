import { setTimeout as sleep } from "node:timers/promises";
import { type KinesisClient, PutRecordsCommand, type PutRecordsCommandOutput } from "@aws-sdk/client-kinesis";
import { awsFailure } from "@penstock/runtime/aws";
import { Throttled, UpstreamUnavailable } from "@penstock/runtime/errors";
import type { InteractionSink } from "./send-batch.ts";

/**
 * How the stream's client asks: a request that hangs is given up, and left to `sendBatch` to send again, so that all its tries end
 * before the function's own time does (`api.timeoutSeconds`).
 */
export const impatient = { maxAttempts: 1, requestHandler: { requestTimeout: 3000 } } as const;

/** A data stream, by its name. A request that fails as a whole and may succeed later counts as one of which nothing was taken. */
export function kinesisSink(client: Pick<KinesisClient, "send">, stream: string): InteractionSink {
  return {
    async put(records) {
      const Records = records.map(({ key, line }) => ({ PartitionKey: key, Data: Buffer.from(line) }));
      let put: PutRecordsCommandOutput;
      try {
        put = await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
      } catch (error) {
        const failure = awsFailure(`interactions into the stream ${stream}`, error);
        if (!(failure instanceof Throttled || failure instanceof UpstreamUnavailable)) throw failure;
        return [...records.keys()];
      }
      return (put.Records ?? []).flatMap(({ ErrorCode }, place) => (ErrorCode === undefined ? [] : [place]));
    },
    wait: (milliseconds) => sleep(milliseconds),
    now: () => Date.now(),
  };
}
