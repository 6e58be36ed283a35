import * as graph from "./small-graph.ts";

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;

/** A data stream as the renderer gives it. */
export const stream = (name: string, inputs: Record<string, unknown> = {}) =>
  graph.resource(
    "aws:kinesis/stream:Stream",
    name,
    { name, ...inputs },
    { arn: arn("kinesis", `stream/${name}`) },
  );

/** Where the objects of {@link delivery} lie, by the day that the records name themselves. */
export const dayPrefix =
  "days/year=!{partitionKeyFromQuery:year}/month=!{partitionKeyFromQuery:month}/day=!{partitionKeyFromQuery:day}/";

/** A delivery stream `deliver` from the data stream `clicks` to the bucket `lake`, by the days of the records' `at`. */
export const delivery = (s3: Record<string, unknown> = {}, inputs: Record<string, unknown> = {}) =>
  graph.resource(
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    "deliver",
    {
      name: "deliver",
      destination: "extended_s3",
      kinesisSourceConfiguration: {
        kinesisStreamArn: arn("kinesis", "stream/clicks"),
        roleArn: arn("iam", "role/deliver-role").replace("us-east-1", ""),
      },
      extendedS3Configuration: {
        roleArn: arn("iam", "role/deliver-role").replace("us-east-1", ""),
        bucketArn: "arn:aws:s3:::lake",
        prefix: dayPrefix,
        errorOutputPrefix: "failed/!{firehose:error-output-type}/!{timestamp:yyyy}/",
        bufferingInterval: 60,
        bufferingSize: 64,
        dynamicPartitioningConfiguration: { enabled: true },
        processingConfiguration: {
          enabled: true,
          processors: [
            {
              type: "MetadataExtraction",
              parameters: [
                { parameterName: "JsonParsingEngine", parameterValue: "JQ-1.6" },
                {
                  parameterName: "MetadataExtractionQuery",
                  parameterValue: "{year: .at[0:4], month: .at[5:7], day: .at[8:10]}",
                },
              ],
            },
            {
              type: "AppendDelimiterToRecord",
              parameters: [{ parameterName: "Delimiter", parameterValue: "\\n" }],
            },
          ],
        },
        ...s3,
      },
      ...inputs,
    },
    { arn: arn("firehose", "deliverystream/deliver") },
  );
