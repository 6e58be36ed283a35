import {
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  ResourceNotFoundException,
  UpdateShardCountCommand,
} from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "./clients.ts";
import * as graph from "./small-graph.ts";
import { stream } from "./streams.ts";

let cloud: Cloud;
let kinesis: ReturnType<typeof clientsOf>["kinesis"];

beforeAll(async () => {
  const resources = [
    stream("two", { shardCount: 2, retentionPeriod: 48 }),
    stream("one"),
    stream("any", { streamModeDetails: { streamMode: "ON_DEMAND" } }),
    stream("sealed", { encryptionType: "KMS", kmsKeyId: "alias/data" }),
  ];
  cloud = await bootCloud(graph.graphOf(resources), { root: graph.root });
  ({ kinesis } = clientsOf(cloud.endpoint));
});
afterAll(async () => {
  kinesis.destroy();
  await cloud.close();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const texts = (records: readonly { Data?: Uint8Array | undefined }[]) =>
  records.map(({ Data }) => new TextDecoder().decode(Data));

const iterator = async (input: GetShardIteratorCommandInput) =>
  (await kinesis.send(new GetShardIteratorCommand(input))).ShardIterator;

/** What a shard has, read from an iterator on. */
const read = async (ShardIterator: string | undefined) => {
  const { Records = [], ...rest } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return { texts: texts(Records), Records, ...rest };
};

describe("putting records", () => {
  test("sends a partition key's records to one shard, in their order", async () => {
    const Records = ["a", "b", "c", "d"].map((text, index) => ({
      Data: bytes(text),
      PartitionKey: index % 2 === 0 ? "person-1" : "person-2",
    }));

    const put = await kinesis.send(new PutRecordsCommand({ StreamName: "two", Records }));

    expect(put.FailedRecordCount).toBe(0);
    const [first, second, third, fourth] = put.Records ?? [];
    expect([third?.ShardId, fourth?.ShardId]).toEqual([first?.ShardId, second?.ShardId]);
    expect(BigInt(third?.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first?.SequenceNumber ?? 0));
    expect(first?.SequenceNumber).toMatch(/^49\d{54}$/);
    const shard = { StreamName: "two", ShardIteratorType: "TRIM_HORIZON" } as const;
    const all = await Promise.all(
      ["shardId-000000000000", "shardId-000000000001"].map(async (ShardId) =>
        read(await iterator({ ...shard, ShardId })),
      ),
    );
    expect(all.flatMap((each) => each.texts).sort()).toEqual(["a", "b", "c", "d"]);
    const [keys] = all.map((each) => each.Records.map(({ PartitionKey }) => PartitionKey));
    expect(new Set(keys).size).toBeLessThanOrEqual(2);
  });

  test("takes an explicit hash key instead of the partition key's", async () => {
    const put = (ExplicitHashKey: string) =>
      kinesis.send(
        new PutRecordCommand({ StreamName: "two", Data: bytes("x"), PartitionKey: "any", ExplicitHashKey }),
      );

    expect((await put("0")).ShardId).toBe("shardId-000000000000");
    expect((await put(String(2n ** 128n - 1n))).ShardId).toBe("shardId-000000000001");
    await expect(put(String(2n ** 128n))).rejects.toMatchObject({ name: "InvalidArgumentException" });
  });

  test.each([
    [
      "no records",
      [],
      "Value '[0 records]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "more than 500 records",
      Array.from({ length: 501 }, () => ({ Data: bytes("x"), PartitionKey: "k" })),
      "less than or equal to 500",
    ],
    [
      "an empty partition key",
      [{ Data: bytes("x"), PartitionKey: "" }],
      "at 'records.1.member.partitionKey'",
    ],
    [
      "a record of more than 1 MiB with its key",
      [{ Data: bytes("x".repeat(1024 * 1024)), PartitionKey: "k" }],
      "at 'records.1.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    ],
  ])("refuses %s as AWS words it", async (_, Records, message) => {
    const put = kinesis.send(new PutRecordsCommand({ StreamName: "one", Records }));

    await expect(put).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    });
  });

  test("takes a record of 1 MiB, and refuses more than 10 MiB in one request", async () => {
    const record = { Data: bytes("x".repeat(1024 * 1024 - 1)), PartitionKey: "k" };
    const put = (count: number) =>
      kinesis.send(
        new PutRecordsCommand({ StreamName: "one", Records: Array.from({ length: count }, () => record) }),
      );

    expect((await put(10)).FailedRecordCount).toBe(0);
    await expect(put(11)).rejects.toMatchObject({
      name: "InvalidArgumentException",
      message: "Records size exceeds 10 MB limit",
    });
  });

  test("puts nothing of a request that is refused", async () => {
    const at = await iterator({
      StreamName: "one",
      ShardId: "shardId-000000000000",
      ShardIteratorType: "LATEST",
    });
    const Records = [
      { Data: bytes("good"), PartitionKey: "k" },
      { Data: bytes("bad"), PartitionKey: "" },
    ];

    await expect(kinesis.send(new PutRecordsCommand({ StreamName: "one", Records }))).rejects.toThrow();

    expect((await read(at)).texts).toEqual([]);
  });
});

describe("reading a shard", () => {
  const shard = { StreamName: "any", ShardId: "shardId-000000000000" };
  const put = (text: string) =>
    kinesis.send(
      new PutRecordCommand({
        StreamName: "any",
        Data: bytes(text),
        PartitionKey: "k",
        ExplicitHashKey: "0",
      }),
    );

  test("goes on where the read before ended", async () => {
    const latest = await iterator({ ...shard, ShardIteratorType: "LATEST" });
    await put("one");

    const first = await read(latest);
    await put("two");
    const second = await read(first.NextShardIterator);

    expect([first.texts, second.texts]).toEqual([["one"], ["two"]]);
    expect(second.MillisBehindLatest).toBe(0);
    expect(second.Records[0]?.ApproximateArrivalTimestamp?.getTime()).toBeCloseTo(Date.now(), -4);
  });

  test("begins at a sequence number, after it, or at a moment", async () => {
    const { SequenceNumber } = await put("three");
    const four = await put("four");
    const from = (more: Omit<GetShardIteratorCommandInput, "ShardId">) =>
      iterator({ ...shard, ...more }).then(read);

    const at = { ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: SequenceNumber } as const;
    const after = { ...at, ShardIteratorType: "AFTER_SEQUENCE_NUMBER" } as const;
    const moment = { ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(Date.now() + 60_000) } as const;

    expect((await from(at)).texts).toEqual(["three", "four"]);
    expect((await from(after)).texts).toEqual(["four"]);
    expect((await from(moment)).texts).toEqual([]);
    expect(four.ShardId).toBe("shardId-000000000000");
  });

  test("gives no more records than asked for, and says how far behind it is", async () => {
    const latest = await iterator({ ...shard, ShardIteratorType: "LATEST" });
    await put("five");
    await put("six");

    const first = await kinesis.send(new GetRecordsCommand({ ShardIterator: latest, Limit: 1 }));

    expect(texts(first.Records ?? [])).toEqual(["five"]);
    expect(first.MillisBehindLatest).toBeGreaterThanOrEqual(0);
    expect((await read(first.NextShardIterator)).texts).toEqual(["six"]);
  });

  test("refuses an iterator that is none, and a sequence number of another stream", async () => {
    const { SequenceNumber } = await kinesis.send(
      new PutRecordCommand({ StreamName: "two", Data: bytes("x"), PartitionKey: "k", ExplicitHashKey: "0" }),
    );

    await expect(read("nonsense")).rejects.toMatchObject({
      name: "InvalidArgumentException",
      message: "Invalid ShardIterator.",
    });
    const other = { ...shard, ShardId: "shardId-000000000001" };
    await expect(
      iterator({ ...other, ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: SequenceNumber }),
    ).rejects.toMatchObject({ name: "InvalidArgumentException" });
  });
});

describe("looking at streams", () => {
  test("describes what the program declares", async () => {
    const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName: "two" }));
    const { StreamDescriptionSummary } = await kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: "sealed" }),
    );

    expect(StreamDescription).toMatchObject({
      StreamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/two",
      StreamStatus: "ACTIVE",
      RetentionPeriodHours: 48,
      EncryptionType: "NONE",
      HasMoreShards: false,
    });
    const ranges = StreamDescription?.Shards?.map(({ HashKeyRange }) => HashKeyRange);
    expect(ranges).toEqual([
      { StartingHashKey: "0", EndingHashKey: String(2n ** 127n - 1n) },
      { StartingHashKey: String(2n ** 127n), EndingHashKey: String(2n ** 128n - 1n) },
    ]);
    expect(StreamDescriptionSummary).toMatchObject({
      EncryptionType: "KMS",
      KeyId: "alias/data",
      OpenShardCount: 1,
    });
  });

  test("lists streams, and the shards of one by name or ARN", async () => {
    const { StreamNames } = await kinesis.send(new ListStreamsCommand({}));
    const StreamARN = "arn:aws:kinesis:us-east-1:000000000000:stream/any";
    const { Shards } = await kinesis.send(new ListShardsCommand({ StreamARN }));

    expect(StreamNames).toEqual(["any", "one", "sealed", "two"]);
    expect(Shards).toHaveLength(4);
  });

  test("tells of a stream that there is not", async () => {
    const asked = kinesis.send(new DescribeStreamCommand({ StreamName: "none" }));

    await expect(asked).rejects.toThrow(ResourceNotFoundException);
    await expect(asked).rejects.toThrow("Stream none under account 000000000000 not found.");
  });

  test("names what it does not do", async () => {
    const resharding = new UpdateShardCountCommand({
      StreamName: "two",
      TargetShardCount: 4,
      ScalingType: "UNIFORM_SCALING",
    });

    await expect(kinesis.send(resharding)).rejects.toThrow(
      "The local cloud does not implement kinesis UpdateShardCount.",
    );
    const cbor = await fetch(cloud.endpoint, {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request",
        "x-amz-target": "Kinesis_20131202.ListStreams",
        "content-type": "application/x-amz-cbor-1.1",
      },
      body: new Uint8Array([0xa0]),
    });
    expect([cbor.status, await cbor.text()]).toEqual([501, expect.stringContaining("requests in CBOR")]);
  });
});
