import { type RenderedResource, type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { namedKeys, type Prefix, parsePrefix } from "../firehose/prefix.ts";
import { encryptionKeys } from "../permissions/encryption-keys.ts";
import { Inputs } from "./inputs.ts";

/** A delivery stream of the program: from a data stream to objects in S3. */
export interface WantedDeliveryStream {
  readonly name: string;
  readonly arn: string;
  readonly source: { readonly streamArn: string; readonly role: string };
  /** Writes the objects. */
  readonly role: string;
  readonly bucket: string;
  readonly prefix: Prefix;
  readonly errorPrefix: Prefix;
  /** What is gathered before an object is written, whichever is reached first. */
  readonly bufferBytes: number;
  readonly bufferSeconds: number;
  readonly compression: "GZIP" | "UNCOMPRESSED";
  /** Of the objects' names. */
  readonly extension: string;
  /** The query in jq that gives a record's partition keys; undefined without dynamic partitioning. */
  readonly query: string | undefined;
  /** What is put after each record. */
  readonly delimiter: string;
}

/** A delivery stream that AWS would refuse, or that does something which the local cloud does not do. */
export class UnsupportedDeliveryStream extends Error {
  override readonly name = "UnsupportedDeliveryStream";
  constructor(name: string, why: string) {
    super(`The delivery stream "${name}" cannot be run here: ${why}`);
  }
}

const MIB = 1024 * 1024;
/** Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html and, for partitions, its guide. */
const LEAST_PARTITION_MIB = 64;

/** The program's delivery streams. @throws {UnsupportedDeliveryStream} */
export function deliveryStreams(graph: ResourceGraph): WantedDeliveryStream[] {
  const keys = encryptionKeys(graph);
  return resourcesOf(graph, "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").map((resource) =>
    deliveryStream(resource, keys),
  );
}

function deliveryStream(resource: RenderedResource, keys: ReadonlyMap<string, string>): WantedDeliveryStream {
  const inputs = new Inputs(resource);
  const name = inputs.text("name");
  const refuse = (why: string): never => {
    throw new UnsupportedDeliveryStream(name, why);
  };
  const s3 = inputs.part("extendedS3Configuration");
  const source = inputs.part("kinesisSourceConfiguration");
  if (inputs.text("destination") !== "extended_s3" || s3 === undefined)
    return refuse("only S3 (extended_s3) is a destination here.");
  if (source === undefined) return refuse("only a Kinesis data stream is a source here.");
  const bucketArn = s3.text("bucketArn");
  const key = s3.optionalText("kmsKeyArn");
  if (key !== undefined && keys.get(bucketArn) !== key)
    refuse("kmsKeyArn is not the key that its bucket seals objects with; leave it out, or give that one.");
  if (s3.part("dataFormatConversionConfiguration")?.optionalFlag("enabled") === true)
    refuse("data is not converted to other formats here.");
  if (s3.optionalText("s3BackupMode") === "Enabled") refuse("records are not backed up here.");
  if ((s3.optionalText("customTimeZone") ?? "UTC") !== "UTC") refuse("there is no time zone but UTC here.");
  const compression = s3.optionalText("compressionFormat") ?? "UNCOMPRESSED";
  if (compression !== "GZIP" && compression !== "UNCOMPRESSED")
    return refuse(`objects are not compressed as ${compression} here.`);

  const { query, delimiter } = processing(s3, refuse);
  const partitioned = s3.part("dynamicPartitioningConfiguration")?.flag("enabled") ?? false;
  if (partitioned !== (query !== undefined))
    refuse("dynamic partitioning and a MetadataExtraction processor go together.");
  const bufferMib = s3.optionalNumber("bufferingSize") ?? 5;
  if (partitioned && bufferMib < LEAST_PARTITION_MIB)
    refuse(`with dynamic partitioning AWS takes a bufferingSize of ${LEAST_PARTITION_MIB} or more.`);
  const prefix = parsePrefix(s3.optionalText("prefix") ?? "", refuse);
  const errorPrefix = parsePrefix(s3.optionalText("errorOutputPrefix") ?? "", refuse);
  if (namedKeys(prefix).length > 0 !== partitioned)
    refuse("dynamic partitioning and !{partitionKeyFromQuery:…} in the prefix go together.");
  const expressions = s3.optionalText("prefix")?.includes("!{") ?? false;
  if (expressions && !errorPrefix.some(({ kind }) => kind === "error type"))
    refuse(
      "where the prefix has expressions, the errorOutputPrefix needs to have !{firehose:error-output-type}.",
    );
  return {
    name,
    arn: inputs.text("arn"),
    source: { streamArn: source.text("kinesisStreamArn"), role: source.text("roleArn") },
    role: s3.text("roleArn"),
    bucket: bucketArn.replace("arn:aws:s3:::", ""),
    prefix,
    errorPrefix,
    bufferBytes: bufferMib * MIB,
    bufferSeconds: s3.optionalNumber("bufferingInterval") ?? 300,
    compression,
    extension: s3.optionalText("fileExtension") ?? (compression === "GZIP" ? ".gz" : ""),
    query,
    delimiter,
  };
}

/** What the processors do: one that takes partition keys out, one that ends records. */
function processing(
  s3: Inputs,
  refuse: (why: string) => never,
): { query: string | undefined; delimiter: string } {
  const configuration = s3.part("processingConfiguration");
  let query: string | undefined;
  let delimiter = "";
  for (const processor of configuration?.flag("enabled") ? configuration.parts("processors") : []) {
    const type = processor.text("type");
    const parameters = new Map(
      processor
        .parts("parameters")
        .map((parameter) => [parameter.text("parameterName"), parameter.text("parameterValue")]),
    );
    if (type === "MetadataExtraction") {
      query = parameters.get("MetadataExtractionQuery") ?? refuse("MetadataExtraction has no query.");
      if (parameters.get("JsonParsingEngine") !== "JQ-1.6") refuse("the JsonParsingEngine is JQ-1.6.");
    } else if (type === "AppendDelimiterToRecord") {
      delimiter = (parameters.get("Delimiter") ?? "\\n").replaceAll("\\n", "\n");
    } else {
      refuse(`there is no processor ${type} here.`);
    }
  }
  return { query, delimiter };
}
