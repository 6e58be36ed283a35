import { notSo } from "./campaign-tasks.ts";
import { flow, jsonata } from "./define.ts";
import { retryDynamo, retrySqs } from "./retries.ts";

/** Where pictures are asked for: the table by name, the queue by URL. */
export interface CampaignImagesOf {
  readonly imagesTable: string;
  readonly imageQueue: string;
}

/** Pictures of one campaign that are asked for side by side. */
const AT_ONCE = 3;

/** Attributes of a picture's record that are numbers; all others are texts. */
const numbers = ["seed", "expires_at"] as const;
const texts = [
  ...["request_id", "user_id", "key_owner", "campaign_id"],
  ...["prompt", "style", "aspect_ratio", "status", "created_at"],
];

/** SQS's own faults have no name in its model and come under the service's. */
const retrySend = { ...retrySqs, ErrorEquals: [...retrySqs.ErrorEquals, "SQS.AmazonSQSException"] };

/** A campaign, which is paid by now, goes out without the picture, whatever the fault: an alarm tells of it. */
const lost = { ErrorEquals: ["States.ALL"], Output: {}, Next: "LostImage" } as const;

/**
 * Asks for a campaign's pictures as the API does: a record, then a message. Their ids are made of the execution's, so that who
 * comes here twice asks for none twice. Reads `$checked`; ends in `Store` with `$queued`.
 */
export function campaignImages({ imagesTable, imageQueue }: CampaignImagesOf) {
  const attributes = [
    ...texts.map((name) => [name, { S: jsonata(`$states.input.${name}`) }]),
    ...numbers.map((name) => [name, { N: jsonata(`$string($states.input.${name})`) }]),
  ];
  return {
    HasImages: {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$count($checked.images) > 0"), Next: "RequestImages" }],
      Default: "Store",
    },
    RequestImages: {
      Type: "Map",
      Items: jsonata("$checked.images"),
      MaxConcurrency: AT_ONCE,
      ItemProcessor: flow("RecordImage", {
        RecordImage: {
          Type: "Task",
          Resource: "arn:aws:states:::dynamodb:putItem",
          Arguments: {
            TableName: imagesTable,
            Item: Object.fromEntries(attributes),
            ConditionExpression: "attribute_not_exists(request_id)",
          },
          TimeoutSeconds: 30,
          Retry: [retryDynamo],
          Catch: [{ ErrorEquals: notSo, Output: jsonata("$states.input"), Next: "SendImage" }, lost],
          Output: jsonata("$states.input"),
          Next: "SendImage",
        },
        SendImage: {
          Type: "Task",
          Comment: "What is drawn stands in the record",
          Resource: "arn:aws:states:::sqs:sendMessage",
          Arguments: {
            QueueUrl: imageQueue,
            MessageBody: jsonata("$string({'version': 1, 'request_id': $states.input.request_id})"),
          },
          TimeoutSeconds: 30,
          Retry: [retrySend],
          Catch: [lost],
          Output: { request_id: jsonata("$states.input.request_id") },
          End: true,
        },
        LostImage: { Type: "Pass", Comment: "Left out of the campaign, which says so", End: true },
      }),
      Assign: { queued: jsonata("[$states.result.request_id]") },
      Next: "Store",
    },
  } as const;
}
