import { createServer } from "node:http";
import { RekognitionClient } from "@aws-sdk/client-rekognition";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rekognitionDetector } from "../../packages/campaign/src/tasks/rekognition-detector.ts";
import { type Listening, listen } from "../../packages/local/src/cloud/gateway/listen.ts";
import { Gate } from "./gate.ts";

const gate = new Gate();
/** What Rekognition answers next: a body, and a status. */
let answer: { readonly body: object; readonly status: number };
const targets: (string | undefined)[] = [];
const sent: string[] = [];
let listening: Listening;
let client: RekognitionClient;

beforeAll(async () => {
  await gate.open();
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    targets.push(String(request.headers["x-amz-target"]));
    sent.push(Buffer.concat(chunks).toString("utf8"));
    response
      .writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" })
      .end(JSON.stringify(answer.body));
  });
  listening = await listen(server, 0);
  client = new RekognitionClient({
    endpoint: listening.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await listening.close();
  await gate.close();
});

const detect = () =>
  rekognitionDetector(client).detect({ bucket: "uploads", key: "a.png" }, { most: 50, confidence: 75 });

describe("a picture that only decoding shows to be broken", () => {
  test("is asked about by its place, with the limits", async () => {
    answer = { status: 200, body: { Labels: [{ Name: "Cup", Confidence: 99 }], LabelModelVersion: "3.0" } };

    const { labels, modelVersion } = await detect();

    expect(labels).toMatchObject([{ Name: "Cup", Confidence: 99 }]);
    expect(modelVersion).toBe("3.0");
    expect(targets.at(-1)).toBe("RekognitionService.DetectLabels");
    expect(JSON.parse(sent.at(-1) ?? "")).toEqual({
      Image: { S3Object: { Bucket: "uploads", Name: "a.png" } },
      MaxLabels: 50,
      MinConfidence: 75,
    });
  });

  test.each([
    ["InvalidImageFormatException", 400, "UnusableImage"],
    ["ImageTooLargeException", 400, "UnusableImage"],
    ["InvalidParameterException", 400, "UnusableImage"],
    ["InvalidS3ObjectException", 400, "ObjectMissing"],
    ["ThrottlingException", 400, "Throttled"],
    ["ProvisionedThroughputExceededException", 400, "Throttled"],
    ["AccessDeniedException", 400, "AccessDenied"],
    ["InternalServerError", 500, "UpstreamUnavailable"],
  ])("or another failure, %s, has our name: %s → %s", async (__type, status, name) => {
    answer = { status, body: { __type, message: "said" } };

    await expect(detect()).rejects.toThrow(expect.objectContaining({ name }));
  });
});

describe("a tool call that names no tool", () => {
  test("is told which there are, and the agent goes on to its campaign", async () => {
    const passed = await gate.run(undefined, {
      always: ({ toolConfig, messages }) =>
        toolConfig.tools.length > 1 && messages.length === 1 ? "othertool" : undefined,
    });

    if (passed === "400") expect.unreachable("a clean request is refused");
    expect(JSON.stringify(gate.server.asked.at(-1))).toContain('"name":"delete_record"');
    expect(passed.answer?.generation_method).toBe("bedrock_agent");
    expect(JSON.stringify(gate.server.asked.at(-1))).toContain(
      "There is no tool of that name. There are: image_analysis, data_enrichment, cultural_intelligence.",
    );
  });

  test("again and again ends at a limit, and the sequence makes the campaign", async () => {
    const passed = await gate.run(undefined, {
      always: ({ toolConfig }) => (toolConfig.tools.length > 1 ? "loop" : undefined),
    });

    if (passed === "400") expect.unreachable("a clean request is refused");
    // By the agent, whose other calls are answered without it.
    expect(passed.tools).toEqual(["analyse-image"]);
    expect(passed.answer).toMatchObject({ generation_method: "sequential", fallback_reason: "turns" });
  });
});
