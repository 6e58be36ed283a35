import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "./inputs.ts";

/** A data stream of the program. */
export interface WantedStream {
  readonly name: string;
  readonly arn: string;
  readonly mode: "ON_DEMAND" | "PROVISIONED";
  readonly shards: number;
  readonly retentionHours: number;
  /** The largest record, its partition key counted. */
  readonly recordBytes: number;
  /** The key that seals it, as the program names it. */
  readonly key: string | undefined;
}

/** With how many shards AWS begins a stream on demand. */
const ON_DEMAND_SHARDS = 4;

/** The program's data streams. */
export function streams(graph: ResourceGraph): WantedStream[] {
  return resourcesOf(graph, "aws:kinesis/stream:Stream").map((resource) => {
    const inputs = new Inputs(resource);
    const onDemand = inputs.part("streamModeDetails")?.optionalText("streamMode") === "ON_DEMAND";
    return {
      name: inputs.text("name"),
      arn: inputs.text("arn"),
      mode: onDemand ? "ON_DEMAND" : "PROVISIONED",
      shards: onDemand ? ON_DEMAND_SHARDS : (inputs.optionalNumber("shardCount") ?? 1),
      retentionHours: inputs.optionalNumber("retentionPeriod") ?? 24,
      recordBytes: (inputs.optionalNumber("maxRecordSizeInKib") ?? 1024) * 1024,
      key: inputs.optionalText("encryptionType") === "KMS" ? inputs.text("kmsKeyId") : undefined,
    };
  });
}
