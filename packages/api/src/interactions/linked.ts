import { KinesisClient } from "@aws-sdk/client-kinesis";
import type { InteractionEvent } from "@penstock/contracts";
import { resource } from "@penstock/runtime/resource";
import * as v from "valibot";
import { impatient, kinesisSink } from "./kinesis-sink.ts";
import { sendBatch } from "./send-batch.ts";

/** What the deployment links: the stream's name, and what a batch may have. */
const Ingestion = v.object({ stream: v.string(), clockSkewMinutes: v.number(), batchDays: v.number() });

const { stream, ...limits } = resource("Ingestion", Ingestion);
const sink = kinesisSink(new KinesisClient(impatient), stream);

/** Sends interactions into the stream of the stage that the function is deployed in. */
export function sendLinkedInteractions(events: readonly InteractionEvent[]): Promise<void> {
  return sendBatch(events, sink, limits);
}
