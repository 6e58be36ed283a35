import { createServer } from "node:http2";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import * as v from "valibot";
import { afterEach, describe, expect, it } from "vitest";
import { impatient, kinesisSink } from "../../packages/api/src/interactions/kinesis-sink.ts";
import { AccessDenied } from "../../packages/runtime/src/errors.ts";
import { type Answer, busyService } from "./busy-services.ts";

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const { close } of open.splice(0).reverse()) close();
});

const Put = v.object({
  StreamName: v.string(),
  Records: v.array(v.object({ PartitionKey: v.string(), Data: v.string() })),
});

/** A sink into a Kinesis that answers so, and what was put. */
async function sinkInto(answer: Answer) {
  const puts: v.InferOutput<typeof Put>[] = [];
  const service = await busyService("HTTP/2", (request) => {
    puts.push(v.parse(Put, JSON.parse(request)));
    return answer;
  });
  const client = new KinesisClient(service.options);
  open.push(service, { close: () => client.destroy() });
  return { sink: kinesisSink(client, "clicks"), puts };
}

const records = [
  { key: "a", line: '{"n":1}' },
  { key: "b", line: '{"n":"ü"}' },
];

describe("the stream", () => {
  it("gets each line under its key, and tells which it did not take", async () => {
    const taken = { ShardId: "shardId-000000000000", SequenceNumber: "1" };
    const refused = { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: "Rate exceeded" };
    const { sink, puts } = await sinkInto([200, { FailedRecordCount: 1, Records: [taken, refused] }]);

    const left = await sink.put(records);

    expect(left).toEqual([1]);
    const [{ StreamName, Records } = expect.unreachable()] = puts;
    expect(StreamName).toBe("clicks");
    expect(Records.map((each) => [each.PartitionKey, Buffer.from(each.Data, "base64").toString()])).toEqual(
      records.map(({ key, line }) => [key, line]),
    );
  });

  it.each<Answer>([
    [400, { __type: "ProvisionedThroughputExceededException" }],
    [400, { __type: "KMSThrottlingException" }],
    [500, { __type: "InternalFailure" }],
  ])("that fails with %d %j has taken nothing, and may take it later", async (...answer) => {
    const { sink } = await sinkInto(answer);

    expect(await sink.put(records)).toEqual([0, 1]);
  });

  it("that does not answer has taken nothing, and may take it later", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const client = new KinesisClient({
      ...impatient,
      requestHandler: { requestTimeout: 50 },
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    open.push({ close: () => server.close() }, { close: () => client.destroy() });

    expect(await kinesisSink(client, "clicks").put(records)).toEqual([0, 1]);
  });

  it("that may not be written is a fault of ours and not tried again", async () => {
    const { sink } = await sinkInto([400, { __type: "AccessDeniedException", message: "no" }]);

    await expect(sink.put(records)).rejects.toThrow(AccessDenied);
  });
});
