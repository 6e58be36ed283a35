import { key } from "../encryption.ts";
import { named, settings } from "./identity.ts";
import type { Grant } from "./policy.ts";

/** A service that sends into a queue with no role of ours, under conditions. */
export interface Sender {
  readonly sid: string;
  readonly service: string;
  readonly conditions: NonNullable<Grant["conditions"]>;
}

export interface QueueArgs {
  readonly physicalName: string;
  /** How long a message is hidden once it is received. */
  readonly visibilitySeconds: number;
  readonly senders?: readonly Sender[];
  /** After so many receives a message goes there. */
  readonly deadLetters?: { readonly queue: aws.sqs.Queue; readonly receives: number };
}

/** A queue that is sealed with our key, over TLS only, and keeps messages as long as SQS can. */
export function sealedQueue(
  name: string,
  { physicalName, visibilitySeconds, senders = [], deadLetters }: QueueArgs,
): aws.sqs.Queue {
  const queue = new aws.sqs.Queue(name, {
    name: named(physicalName),
    kmsMasterKeyId: key.id,
    kmsDataKeyReusePeriodSeconds: 300,
    messageRetentionSeconds: settings.retention.deadLetterDays * 86_400,
    visibilityTimeoutSeconds: visibilitySeconds,
    ...(deadLetters && {
      redrivePolicy: $jsonStringify({
        deadLetterTargetArn: deadLetters.queue.arn,
        maxReceiveCount: deadLetters.receives,
      }),
    }),
  });
  new aws.sqs.QueuePolicy(`${name}Policy`, {
    queueUrl: queue.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        ...senders.map(({ sid, service, conditions }) => ({
          sid,
          principals: [{ type: "Service", identifiers: [service] }],
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          conditions: conditions.map(({ test, variable, values }) => ({
            test,
            variable,
            values: [...values],
          })),
        })),
        {
          sid: "TlsOnly",
          effect: "Deny",
          principals: [{ type: "*", identifiers: ["*"] }],
          actions: ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"],
          resources: [queue.arn],
          conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    }).json,
  });
  return queue;
}
