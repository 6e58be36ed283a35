import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, test } from "vitest";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { UnsupportedDeliveryStream } from "../../packages/local/src/cloud/program/delivery-streams.ts";
import { fastClock } from "../../packages/local/src/engine/index.ts";
import type { RenderedResource } from "../../packages/local/src/render/graph.ts";
import { clientsOf, eventually, nextMessage } from "./clients.ts";
import * as graph from "./small-graph.ts";
import { delivery, stream } from "./streams.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** A cloud with the data stream `clicks` and the bucket `lake`. Its clock shortens waits, unless one is given. */
async function boot(
  resources: RenderedResource[],
  options: { slow?: true; dataDirectory?: string; key?: string } = {},
) {
  const seal = options.key === undefined ? {} : { encryptionType: "KMS", kmsKeyId: options.key };
  const all = [stream("clicks", seal), graph.bucket("lake"), ...resources];
  const cloud = await bootCloud(graph.graphOf(all), {
    root: graph.root,
    ...(options.slow ? {} : { clock: fastClock(10_000) }),
    ...(options.dataDirectory === undefined ? {} : { dataDirectory: options.dataDirectory }),
  });
  const { kinesis, s3, sqs } = clientsOf(cloud.endpoint);
  open.push(cloud, { close: () => kinesis.destroy() });
  const put = (...texts: string[]) =>
    kinesis.send(
      new PutRecordsCommand({
        StreamName: "clicks",
        Records: texts.map((text) => ({ Data: new TextEncoder().encode(text), PartitionKey: "k" })),
      }),
    );
  /** The objects' keys, once nothing is under way. */
  const keys = async () => {
    await eventually(() => (cloud.pending().deliveries === 0 ? true : undefined));
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "lake" }));
    return Contents.map(({ Key = "" }) => Key);
  };
  const delivered = async (below = "") => {
    const read = async (Key: string): Promise<[string, Buffer]> => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "lake", Key }));
      return [Key, Buffer.from((await Body?.transformToByteArray()) ?? [])];
    };
    return new Map(await Promise.all((await keys()).filter((key) => key.startsWith(below)).map(read)));
  };
  return { cloud, put, keys, delivered, s3, sqs };
}

const click = (at: string, more: object = {}) => JSON.stringify({ at, ...more });

/** `deliver-1-2026-11-21-08-05-03-<uuid>` */
const NAME =
  /deliver-1-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/;

describe("delivering", () => {
  test("puts each record into an object of the day that it names itself, a line each", async () => {
    const { put, delivered } = await boot([delivery()]);
    const [one, two, other] = [
      click("2026-01-31T23:59:59Z"),
      click("2026-01-31", { n: 2 }),
      click("2026-02-01"),
    ];

    await put(one, other, two);

    const objects = [...(await delivered())].sort();
    expect(objects.map(([, body]) => body.toString())).toEqual([`${one}\n${two}\n`, `${other}\n`]);
    const [january, february] = objects.map(([key]) => key);
    expect(january).toMatch(new RegExp(`^days/year=2026/month=01/day=31/${NAME.source}$`));
    expect(february).toMatch(new RegExp(`^days/year=2026/month=02/day=01/${NAME.source}$`));
  });

  test("writes records that cannot be partitioned under the error prefix, with what they were", async () => {
    const { put, delivered } = await boot([delivery()]);
    const broken = ["no JSON", '{"at": 5}', '{"other": 1}', '{"at": "2026"}', "1 2"];

    await put(...broken, click("2026-01-01"));

    const objects = await delivered();
    const [key = ""] = [...objects.keys()].filter((each) => each.startsWith("failed/"));
    const year = new Date().getUTCFullYear();
    expect(key).toMatch(new RegExp(`^failed/processing-failed/${year}/${NAME.source}$`));
    const lines = objects.get(key)?.toString().trimEnd().split("\n") ?? [];
    const failures = lines.map((line) => JSON.parse(line));
    expect(failures.map(({ rawData }) => Buffer.from(rawData, "base64").toString())).toEqual(broken);
    expect(failures[0]).toEqual({
      attemptsMade: 1,
      arrivalTimestamp: expect.any(Number),
      errorCode: "DynamicPartitioning.MetadataExtractionFailed",
      errorMessage: "Non JSON record provided",
      attemptEndingTimestamp: expect.any(Number),
      rawData: expect.any(String),
    });
    expect(failures[2].errorMessage).toBe("partitionKeys values must not be null or empty");
    expect(objects.size).toBe(2);
  });

  test("writes all records under the error prefix when jq does not take the query, with its words", async () => {
    const parameters = [
      { parameterName: "JsonParsingEngine", parameterValue: "JQ-1.6" },
      { parameterName: "MetadataExtractionQuery", parameterValue: "{year:" },
    ];
    const broken = { enabled: true, processors: [{ type: "MetadataExtraction", parameters }] };
    const { put, delivered } = await boot([delivery({ processingConfiguration: broken })]);

    await put(click("2026-01-01"), click("2026-01-02"));

    const [[key, body] = ["", Buffer.alloc(0)], ...more] = await delivered();
    expect(key).toMatch(/^failed\/processing-failed\//);
    expect(body.toString().trimEnd().split("\n")).toHaveLength(2);
    expect(body.toString()).toContain("syntax error");
    expect(more).toEqual([]);
  });

  test("goes on after thousands of records, and with one of a megabyte", async () => {
    const { put, delivered } = await boot([delivery()]);
    const many = Array.from({ length: 300 }, (_, n) => click("2026-01-01", { n }));
    const large = click("2026-01-02", { large: "ü".repeat(400_000) });

    for (let calls = 0; calls < 20; calls++) await put(...many);
    await put(large);

    const bodies = [...(await delivered()).values()].map(String);
    expect(bodies.join("").trimEnd().split("\n")).toHaveLength(6001);
    expect(bodies).toContainEqual(`${large}\n`);
  });

  test("compresses objects and names them as declared", async () => {
    const { put, delivered } = await boot([
      delivery({ compressionFormat: "GZIP", fileExtension: ".jsonl.gz" }),
    ]);

    await put(click("2026-01-01"));

    const [[key, body] = ["", Buffer.alloc(0)]] = await delivered();
    expect(key).toMatch(new RegExp(`${NAME.source}\\.jsonl\\.gz$`));
    expect(gunzipSync(body).toString()).toBe(`${click("2026-01-01")}\n`);
  });

  test("goes by the hour in which records came, where nothing is said of a prefix", async () => {
    const plain = {
      prefix: "raw-",
      dynamicPartitioningConfiguration: undefined,
      processingConfiguration: undefined,
    };
    const { put, delivered } = await boot([delivery(plain)]);

    await put("one", "two");

    const [[key, body] = ["", Buffer.alloc(0)]] = await delivered();
    const hour = new Date().toISOString().slice(0, 11).replaceAll(/[-T]/g, "/");
    expect(key.startsWith(`raw-${hour}`)).toBe(true);
    expect(body.toString()).toBe("onetwo");
  });

  test("gathers until the interval is over, and writes what waits when the cloud closes", async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), "penstock-test-"));
    open.push({ close: () => rmSync(dataDirectory, { recursive: true }) });
    const { cloud, put, s3 } = await boot([delivery()], { slow: true, dataDirectory });

    await put(click("2026-01-01"));
    await eventually(() => (cloud.pending().deliveries === 1 ? true : undefined));
    await put(click("2026-01-01", { n: 2 }));
    const before = await s3.send(new ListObjectsV2Command({ Bucket: "lake" }));
    await cloud.close();

    expect(before.Contents).toBeUndefined();
    const files = readdirSync(dataDirectory, { recursive: true }).map(String);
    expect(files.filter((file) => NAME.test(file))).toHaveLength(1);
  });

  test("writes an object before the interval is over when there is enough for it", async () => {
    const { cloud, put, s3 } = await boot(
      [
        delivery({
          prefix: "raw/",
          bufferingSize: 1,
          dynamicPartitioningConfiguration: undefined,
          processingConfiguration: undefined,
        }),
      ],
      { slow: true },
    );
    const half = "x".repeat(600 * 1024);

    await put(half, half, "rest");

    const { Contents } = await eventually(async () => {
      const listed = await s3.send(new ListObjectsV2Command({ Bucket: "lake" }));
      return listed.Contents === undefined ? undefined : listed;
    });
    expect(Contents?.map(({ Size }) => Size)).toEqual([2 * half.length]);
    expect(cloud.pending().deliveries).toBe(1);
  });

  test("opens no more than 500 partitions at one time", async () => {
    const { put, keys, delivered } = await boot([delivery()]);
    const days = Array.from({ length: 500 }, (_, day) => click(`${1000 + day}-01-01`));

    await Promise.all([put(...days), put(click("2026-01-01"))]);

    const written = await keys();
    expect(written.filter((key) => key.startsWith("days/"))).toHaveLength(500);
    const aside = [...(await delivered("failed/activePartitionExceeded/")).values()];
    expect(aside).toHaveLength(1);
    const { rawData, errorCode } = JSON.parse(String(aside[0]));
    expect(errorCode).toBe("DynamicPartitioning.ActivePartitionsExceeded");
    expect([...days, click("2026-01-01")]).toContain(Buffer.from(rawData, "base64").toString());
  });

  test("lets rules hear of the objects that it writes", async () => {
    const pattern = { source: ["aws.s3"], "detail-type": ["Object Created"] };
    const { put, sqs } = await boot([
      delivery(),
      graph.notifying("lake"),
      graph.queue("heard"),
      ...graph.rule("hear", pattern, { arn: graph.queueArn("heard") }),
    ]);

    await put(click("2026-01-01"));

    const { body } = await nextMessage(sqs, graph.queueUrl("heard"));
    expect(body.detail.object.key).toMatch(/^days\/year=2026/);
  });
});

describe("the role", () => {
  const can = (...actions: string[]) =>
    graph.role("deliver-role", [{ Effect: "Allow", Action: actions, Resource: "*" }]);
  const reading = [
    "kinesis:DescribeStream",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
  ];

  /** What is told of records that cannot be delivered. */
  async function loss(actions: string[]) {
    const { cloud, put } = await boot([delivery(), can(...actions)]);
    const heard = new Promise<{ rule: string; target: string; reason: string }>((resolve) => {
      cloud.on("lost", resolve);
    });
    await put(click("2026-01-01"));
    return heard;
  }

  test("delivers with what Firehose needs, and no more", async () => {
    const { put, delivered } = await boot([delivery(), can(...reading, "s3:PutObject")]);

    await put(click("2026-01-01"));

    expect((await delivered()).size).toBe(1);
  });

  test("reads nothing of a stream that it may not read", async () => {
    const { rule, target, reason } = await loss([...reading.slice(1), "s3:PutObject"]);

    expect([rule, target]).toEqual(["deliver", "arn:aws:kinesis:us-east-1:000000000000:stream/clicks"]);
    expect(reason).toContain("is not authorized to perform: kinesis:DescribeStream");
  });

  test("writes nothing into a bucket that it may not write", async () => {
    const { target, reason } = await loss(reading);

    expect(target).toMatch(/^arn:aws:s3:::lake\/days\//);
    expect(reason).toContain("s3:PutObject");
  });

  test("needs the key of a sealed stream too", async () => {
    const key = "arn:aws:kms:us-east-1:000000000000:key/1";
    const sealing = graph.resource("aws:kms/key:Key", "data", {}, { arn: key });
    const { cloud, put } = await boot([sealing, delivery(), can(...reading, "s3:PutObject")], { key });
    const heard = new Promise<{ reason: string }>((resolve) => cloud.on("lost", resolve));

    await put(click("2026-01-01"));

    expect((await heard).reason).toContain("is not authorized to perform: kms:Decrypt");
  });
});

describe("what the program declares", () => {
  const refused = async (...given: Parameters<typeof delivery>) => {
    const all = [stream("clicks"), graph.bucket("lake"), delivery(...given)];
    const booted = bootCloud(graph.graphOf(all), { root: graph.root });
    await expect(booted).rejects.toThrow(UnsupportedDeliveryStream);
    return booted.then(
      () => "",
      (error: Error) => error.message,
    );
  };

  const processors = (type: string) => ({
    processingConfiguration: { enabled: true, processors: [{ type, parameters: [] }] },
  });

  test.each<[string, Parameters<typeof delivery>, string]>([
    ["a processor that is not there", [processors("Lambda")], "there is no processor Lambda"],
    ["another destination", [{}, { destination: "redshift" }], "only S3"],
    ["no source", [{}, { kinesisSourceConfiguration: undefined }], "only a Kinesis data stream"],
    ["partitions with a small buffer", [{ bufferingSize: 5 }], "bufferingSize of 64"],
    ["a prefix without partition keys", [{ prefix: "all/" }], "in the prefix go together"],
    ["no error prefix", [{ errorOutputPrefix: undefined }], "!{firehose:error-output-type}"],
    ["an expression that is not known", [{ prefix: "!{other:x}/" }], "!{other:x} is not known"],
    ["a pattern of time that is not known", [{ prefix: "!{timestamp:EEE}/" }], 'the pattern "EEE"'],
    ["another compression", [{ compressionFormat: "ZIP" }], "not compressed as ZIP"],
    [
      "a key that is not the bucket's",
      [{ kmsKeyArn: "arn:aws:kms:us-east-1:000000000000:key/1" }],
      "kmsKeyArn",
    ],
  ])("is refused at once with %s", async (_, given, message) => {
    expect(await refused(...given)).toContain(message);
  });

  test("is described by the API, whose puts are refused", async () => {
    const { cloud } = await boot([delivery()]);
    const call = async (action: string, body: object) => {
      const response = await fetch(cloud.endpoint, {
        method: "POST",
        headers: {
          authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/firehose/aws4_request",
          "x-amz-target": `Firehose_20150804.${action}`,
          "content-type": "application/x-amz-json-1.1",
        },
        body: JSON.stringify(body),
      });
      return { status: response.status, answer: JSON.parse(await response.text()) };
    };

    const described = await call("DescribeDeliveryStream", { DeliveryStreamName: "deliver" });
    const listed = await call("ListDeliveryStreams", {});
    const put = await call("PutRecord", { DeliveryStreamName: "deliver", Record: { Data: "" } });
    const other = await call("UpdateDestination", { DeliveryStreamName: "deliver" });

    expect(described.answer.DeliveryStreamDescription).toMatchObject({
      DeliveryStreamARN: "arn:aws:firehose:us-east-1:000000000000:deliverystream/deliver",
      DeliveryStreamStatus: "ACTIVE",
      DeliveryStreamType: "KinesisStreamAsSource",
      Destinations: [
        { ExtendedS3DestinationDescription: { BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 } } },
      ],
    });
    expect(listed.answer).toEqual({ DeliveryStreamNames: ["deliver"], HasMoreDeliveryStreams: false });
    expect([put.status, put.answer.__type]).toEqual([400, "InvalidArgumentException"]);
    expect([other.status, other.answer.__type]).toEqual([501, "NotImplemented"]);
  });
});
