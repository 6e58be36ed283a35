import { EventEmitter } from "node:events";
import { buildApp } from "fauxqs";
import { forward } from "../gateway/answer.ts";
import { NotImplemented } from "../gateway/aws-error.ts";
import { type Call, header, type Service } from "../gateway/call.ts";
import { actionOf } from "../gateway/json-service.ts";
import { readBody } from "../gateway/request-body.ts";

/** A message that was published to a topic. */
export interface Notice {
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
}

/** Both services' requests are bounded by AWS at 1 MiB. */
const LIMIT_BYTES = 2 * 1024 * 1024;

const NAMES_QUEUES = /\.(CreateQueue|GetQueueUrl|ListQueues)$/;

/** Errors whose code in the old protocol has the long prefix; SDKs look at that code first. */
const PREFIXED_ERRORS =
  /\.(NonExistentQueue|MessageNotInflight|UnsupportedOperation|PurgeQueueInProgress|QueueDeletedRecently|.*Batch.*);/;

/** fauxqs gives every error the long prefix, and the SDK then does not know `InvalidMessageContents` by its class. */
function withQueryError(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const code = headers["x-amzn-query-error"];
  if (typeof code !== "string" || PREFIXED_ERRORS.test(code)) return headers;
  return { ...headers, "x-amzn-query-error": code.replace("AWS.SimpleQueueService.", "") };
}

const SQS_ACTIONS = new Set([
  "CreateQueue",
  "DeleteQueue",
  "GetQueueUrl",
  "ListQueues",
  "GetQueueAttributes",
  "SetQueueAttributes",
  "PurgeQueue",
  "SendMessage",
  "SendMessageBatch",
  "ReceiveMessage",
  "DeleteMessage",
  "DeleteMessageBatch",
  "ChangeMessageVisibility",
  "ChangeMessageVisibilityBatch",
  "TagQueue",
  "UntagQueue",
  "ListQueueTags",
]);

const SNS_ACTIONS = new Set([
  "CreateTopic",
  "DeleteTopic",
  "ListTopics",
  "GetTopicAttributes",
  "SetTopicAttributes",
  "Subscribe",
  "Unsubscribe",
  "ConfirmSubscription",
  "ListSubscriptions",
  "ListSubscriptionsByTopic",
  "GetSubscriptionAttributes",
  "SetSubscriptionAttributes",
  "Publish",
  "PublishBatch",
  "TagResource",
  "UntagResource",
  "ListTagsForResource",
]);

/**
 * SQS and SNS by fauxqs, inside this process and without a socket of its own (its server would listen on all
 * interfaces). Queue URLs of AWS's form and of the gateway's form name the same queue.
 */
export class QueuesAndTopics {
  readonly #app = buildApp({ logger: false });
  /** Emits `published` with a {@link Notice}. */
  readonly notices = new EventEmitter<{ published: [Notice] }>();

  readonly sqs: Service = {
    protocol: "json",
    handle: async (call) => {
      const action = actionOf(call);
      if (!SQS_ACTIONS.has(action)) throw new NotImplemented("sqs", action || "over the query protocol");
      await this.#pass(call, await readBody(call.request, LIMIT_BYTES));
    },
  };

  readonly sns: Service = {
    protocol: "query",
    handle: async (call) => {
      const body = await readBody(call.request, LIMIT_BYTES);
      const form = new URLSearchParams(body.toString());
      const action = form.get("Action") ?? "";
      if (!SNS_ACTIONS.has(action)) throw new NotImplemented("sns", action);
      const status = await this.#pass(call, body);
      const topicArn = form.get("TopicArn");
      if (status !== 200 || topicArn === null) return;
      if (action === "Publish") {
        const subject = form.get("Subject") ?? undefined;
        this.notices.emit("published", { topicArn, subject, message: form.get("Message") ?? "" });
      }
      for (let entry = 1; action === "PublishBatch"; entry++) {
        const message = form.get(`PublishBatchRequestEntries.member.${entry}.Message`);
        if (message === null) break;
        const subject = form.get(`PublishBatchRequestEntries.member.${entry}.Subject`) ?? undefined;
        this.notices.emit("published", { topicArn, subject, message });
      }
    },
  };

  async #pass(call: Call, payload: Buffer): Promise<number> {
    const { request, response } = call;
    const headers: Record<string, string> = {};
    for (const name of ["content-type", "x-amz-target", "authorization", "host"]) {
      const value = header(request, name);
      if (value !== undefined) headers[name] = value;
    }
    // SDKs send a charset or none at all; the app tells the two protocols apart by the bare type.
    if (call.service === "sqs") headers["content-type"] = "application/x-amz-json-1.0";
    const answer = await this.#app.inject({ method: "POST", url: "/", headers, payload });
    // Its queue URLs have a host name that need not resolve; they should lead back to this gateway.
    const own = answer.payload.replace(/http:\/\/sqs\.[^/"]+\//g, `http://${headers.host ?? "127.0.0.1"}/`);
    const rawPayload = NAMES_QUEUES.test(headers["x-amz-target"] ?? "")
      ? Buffer.from(own)
      : answer.rawPayload;
    response.setHeader("x-amzn-requestid", call.requestId);
    forward(response, { statusCode: answer.statusCode, headers: withQueryError(answer.headers), rawPayload });
    return answer.statusCode;
  }

  close(): Promise<void> {
    return this.#app.close();
  }
}
