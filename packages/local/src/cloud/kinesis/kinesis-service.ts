import { NotImplemented } from "../gateway/aws-error.ts";
import { header, type Service } from "../gateway/call.ts";
import { jsonService } from "../gateway/json-service.ts";
import { describeActions } from "./describe-actions.ts";
import { putActions } from "./put-actions.ts";
import { readActions } from "./read-actions.ts";
import type { Streams } from "./streams.ts";

/** PutRecords takes 10 MiB, of which base64 makes a third more; what is a little larger is to hear so from Kinesis. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/** Kinesis Data Streams, as far as putting records, looking at streams and reading them goes. In JSON, as the SDK for JavaScript and the AWS CLI speak. */
export function kinesisService(streams: Streams): Service {
  const actions = { ...putActions(streams), ...describeActions(streams), ...readActions(streams) };
  const json = jsonService("kinesis", "1.1", actions, LIMIT_BYTES);
  return {
    protocol: "json",
    async handle(call) {
      const type = header(call.request, "content-type") ?? "";
      if (type.startsWith("application/x-amz-cbor")) throw new NotImplemented("kinesis", "requests in CBOR");
      await json.handle(call);
    },
  };
}
