import { AwsError, NotImplemented } from "../gateway/aws-error.ts";
import type { Service } from "../gateway/call.ts";
import { type Action, jsonService, text } from "../gateway/json-service.ts";
import { described } from "./describe-delivery-stream.ts";
import type { Firehose } from "./firehose.ts";

/** Firehose, as far as looking at delivery streams goes: all of them have a data stream for their source. */
export function firehoseService(firehose: Firehose, account: string): Service {
  const refusePuts: Action = (parameters) => {
    firehose.get(text(parameters, "DeliveryStreamName"), account);
    throw new AwsError(
      "InvalidArgumentException",
      "This operation is not permitted on KinesisStreamAsSource delivery stream type.",
    );
  };
  return jsonService("firehose", "1.1", {
    DescribeDeliveryStream: (parameters) => {
      const delivery = firehose.get(text(parameters, "DeliveryStreamName"), account);
      return { DeliveryStreamDescription: described(delivery) };
    },
    ListDeliveryStreams: (parameters) => {
      const given = Object.keys(parameters).find((name) => parameters[name] !== undefined);
      if (given !== undefined) throw new NotImplemented("firehose", `ListDeliveryStreams with ${given}`);
      const names = firehose.all().map(({ wanted }) => wanted.name);
      return { DeliveryStreamNames: names.sort(), HasMoreDeliveryStreams: false };
    },
    PutRecord: refusePuts,
    PutRecordBatch: refusePuts,
  });
}
