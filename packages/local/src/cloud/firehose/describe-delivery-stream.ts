import type { DeliveryStream } from "./delivery-stream.ts";

/** A delivery stream as DescribeDeliveryStream tells it, without the parts that say how it processes records. */
export function described({ wanted, createdAt }: DeliveryStream): object {
  // The JSON has instants as seconds since the epoch.
  const since = createdAt.getTime() / 1000;
  return {
    DeliveryStreamName: wanted.name,
    DeliveryStreamARN: wanted.arn,
    DeliveryStreamStatus: "ACTIVE",
    DeliveryStreamType: "KinesisStreamAsSource",
    VersionId: "1",
    CreateTimestamp: since,
    Source: {
      KinesisStreamSourceDescription: {
        KinesisStreamARN: wanted.source.streamArn,
        RoleARN: wanted.source.role,
        DeliveryStartTimestamp: since,
      },
    },
    Destinations: [
      {
        DestinationId: "destinationId-000000000001",
        ExtendedS3DestinationDescription: {
          RoleARN: wanted.role,
          BucketARN: `arn:aws:s3:::${wanted.bucket}`,
          BufferingHints: {
            SizeInMBs: wanted.bufferBytes / (1024 * 1024),
            IntervalInSeconds: wanted.bufferSeconds,
          },
          CompressionFormat: wanted.compression,
          FileExtension: wanted.extension,
          DynamicPartitioningConfiguration: { Enabled: wanted.query !== undefined },
          S3BackupMode: "Disabled",
        },
      },
    ],
    HasMoreDestinations: false,
  };
}
