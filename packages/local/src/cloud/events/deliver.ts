import type { AwsClients, Identity } from "../aws-clients.ts";
import { type Bury, type Deliver, DeliveryFailure, type Target } from "./event-bus.ts";

/** `arn:aws:sqs:us-east-1:000000000000:name` → the queue's URL. */
export function queueUrl(arn: string): string {
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
  /** The target's role; where it has none, EventBridge itself, whom the target's own policy must admit. */
  const as = (role: string | undefined, ruleArn: string): Identity & { signal: AbortSignal } => {
    const signal = AbortSignal.timeout(60_000);
    if (role !== undefined) return { role, session: "events", signal };
    return { service: { name: "events.amazonaws.com", sourceArn: ruleArn }, signal };
  };
  type Send = (target: Target, input: string, ruleArn: string) => Promise<unknown>;
  const byService: Readonly<Record<string, Send>> = {
    states: ({ arn, role }, input, ruleArn) => {
      const start = async () => {
        await quiet();
        await clients.call("sfn", "startExecution", { stateMachineArn: arn, input }, as(role, ruleArn));
      };
      const started = lastStart.then(start);
      lastStart = started.catch(() => {});
      return started;
    },
    lambda: (target, input, ruleArn) =>
      clients.call(
        "lambda",
        "invoke",
        { FunctionName: target.arn, InvocationType: "Event", Payload: input },
        as(target.role, ruleArn),
      ),
    sqs: (target, input, ruleArn) => {
      const group = target.messageGroupId === undefined ? {} : { MessageGroupId: target.messageGroupId };
      return clients.call(
        "sqs",
        "sendMessage",
        { QueueUrl: queueUrl(target.arn), MessageBody: input, ...group },
        as(target.role, ruleArn),
      );
    },
    sns: ({ arn, role }, input, ruleArn) =>
      clients.call("sns", "publish", { TopicArn: arn, Message: input }, as(role, ruleArn)),
    events: async (target, input) => toBus(target.arn, input),
  };
  return {
    async deliver(target, input, ruleArn) {
      const send = byService[target.arn.split(":")[2] ?? ""];
      if (send === undefined)
        throw new DeliveryFailure(
          "NotImplemented",
          `The local cloud cannot deliver to ${target.arn}.`,
          false,
        );
      try {
        await send(target, input, ruleArn);
      } catch (thrown) {
        throw asFailure(thrown);
      }
    },
    async bury({ queueArn, body, attributes }, target, ruleArn) {
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
      );
      const message = { QueueUrl: queueUrl(queueArn), MessageBody: body, MessageAttributes };
      // Scheduler puts what it could not deliver away in the schedule's role, a rule has EventBridge do it.
      const role = ruleArn.split(":")[2] === "scheduler" ? target.role : undefined;
      try {
        await clients.call("sqs", "sendMessage", message, as(role, ruleArn));
      } catch (thrown) {
        throw asFailure(thrown);
      }
    },
  };
}
