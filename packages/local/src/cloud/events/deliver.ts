import type { AwsClients } from "../aws-clients.ts";
import { type Bury, type Deliver, DeliveryFailure, type Target } from "./event-bus.ts";

/** Whose credentials deliver when a target has no role: on AWS its resource policy admits the service itself. */
const SERVICE_ROLE =
  "arn:aws:iam::000000000000:role/aws-service-role/events.amazonaws.com/AWSServiceRoleForEvents";

/** `arn:aws:sqs:us-east-1:000000000000:name` → the queue's URL. */
function queueUrl(arn: string): string {
  const [, , , region, account, name] = arn.split(":");
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}

/** Errors that another try can mend. */
const PASSING =
  /Throttl|TooManyRequests|LimitExceeded|InternalFailure|ServiceUnavailable|ECONNREFUSED|Timeout/;

function asFailure(thrown: unknown): DeliveryFailure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new DeliveryFailure(error.name, error.message, PASSING.test(`${error.name} ${error.message}`));
}

export interface DeliverySide {
  /** Hands an event to another bus. */
  readonly toBus: (busArn: string, input: string) => void;
  /** Settles when the machine has room for more work. */
  readonly quiet: () => Promise<void>;
}

/**
 * Delivers to targets through the SDK's clients, as the target's role. State machines are started one after the other,
 * as the functions keep up: a thousand objects at once would make a thousand executions wait for two processors, and
 * their tasks' time limits would pass in line. EventBridge promises no time of delivery.
 */
export function deliverer(
  clients: AwsClients,
  { toBus, quiet }: DeliverySide,
): { deliver: Deliver; bury: Bury } {
  let lastStart: Promise<unknown> = Promise.resolve();
  const as = (target: Pick<Target, "role">) => ({
    role: target.role ?? SERVICE_ROLE,
    session: "events",
    signal: AbortSignal.timeout(60_000),
  });
  const byService: Readonly<Record<string, (target: Target, input: string) => Promise<unknown>>> = {
    states: (target, input) => {
      const start = async () => {
        await quiet();
        await clients.call("sfn", "startExecution", { stateMachineArn: target.arn, input }, as(target));
      };
      const started = lastStart.then(start);
      lastStart = started.catch(() => {});
      return started;
    },
    lambda: (target, input) =>
      clients.call(
        "lambda",
        "invoke",
        { FunctionName: target.arn, InvocationType: "Event", Payload: input },
        as(target),
      ),
    sqs: (target, input) => {
      const group = target.messageGroupId === undefined ? {} : { MessageGroupId: target.messageGroupId };
      return clients.call(
        "sqs",
        "sendMessage",
        { QueueUrl: queueUrl(target.arn), MessageBody: input, ...group },
        as(target),
      );
    },
    sns: (target, input) =>
      clients.call("sns", "publish", { TopicArn: target.arn, Message: input }, as(target)),
    events: async (target, input) => toBus(target.arn, input),
  };
  return {
    async deliver(target, input) {
      const send = byService[target.arn.split(":")[2] ?? ""];
      if (send === undefined)
        throw new DeliveryFailure(
          "NotImplemented",
          `The local cloud cannot deliver to ${target.arn}.`,
          false,
        );
      try {
        await send(target, input);
      } catch (thrown) {
        throw asFailure(thrown);
      }
    },
    async bury(queueArn, body, attributes) {
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
      );
      const message = { QueueUrl: queueUrl(queueArn), MessageBody: body, MessageAttributes };
      await clients.call("sqs", "sendMessage", message, as({ role: undefined }));
    },
  };
}
