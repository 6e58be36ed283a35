import * as v from "valibot";

const texts = v.optional(v.record(v.string(), v.string()), {});
const attribute = v.object({
  DataType: v.string(),
  StringValue: v.optional(v.string()),
  BinaryValue: v.optional(v.instance(Uint8Array)),
});

/** A message as SQS hands it out. */
export const ReceivedMessage = v.object({
  MessageId: v.string(),
  ReceiptHandle: v.string(),
  Body: v.string(),
  MD5OfBody: v.string(),
  MD5OfMessageAttributes: v.optional(v.string()),
  Attributes: texts,
  MessageAttributes: v.optional(v.record(v.string(), attribute), {}),
});
export type ReceivedMessage = v.InferOutput<typeof ReceivedMessage>;

/**
 * Messages as a function is given them.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
 */
export function sqsEvent(messages: readonly ReceivedMessage[], queueArn: string): object {
  const [, , , awsRegion] = queueArn.split(":");
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes,
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes).map(([name, given]) => [
          name,
          {
            ...(given.StringValue !== undefined && { stringValue: given.StringValue }),
            ...(given.BinaryValue !== undefined && {
              binaryValue: Buffer.from(given.BinaryValue).toString("base64"),
            }),
            stringListValues: [],
            binaryListValues: [],
            dataType: given.DataType,
          },
        ]),
      ),
      md5OfBody: message.MD5OfBody,
      ...(message.MD5OfMessageAttributes !== undefined && {
        md5OfMessageAttributes: message.MD5OfMessageAttributes,
      }),
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion,
    })),
  };
}
