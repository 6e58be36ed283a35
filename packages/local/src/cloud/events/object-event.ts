import type { ObjectChange } from "../services/s3/buckets.ts";
import type { EventFacts } from "./event.ts";

/**
 * A change of an object as S3 tells EventBridge of it. The key stands as it is, not percent-encoded.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function objectEvent(change: ObjectChange, account: string): EventFacts {
  const { key, size, etag, sequencer } = change;
  const created = change.kind === "created";
  return {
    source: "aws.s3",
    "detail-type": created ? "Object Created" : "Object Deleted",
    resources: [`arn:aws:s3:::${change.bucket}`],
    detail: {
      version: "0",
      bucket: { name: change.bucket },
      object: created ? { key, size, etag, sequencer } : { key, etag, sequencer },
      "request-id": change.call.requestId,
      requester: account,
      "source-ip-address": change.call.request.socket.remoteAddress ?? "127.0.0.1",
      reason: change.reason,
      ...(created ? {} : { "deletion-type": "Permanently Deleted" }),
    },
  };
}
