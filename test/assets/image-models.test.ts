import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Drawing } from "../../packages/assets/src/images/image-model.ts";
import { linkedImageModel } from "../../packages/assets/src/images/linked-image-model.ts";
import { novaCanvas } from "../../packages/assets/src/images/nova-canvas.ts";
import { aspectRatios, imageStyles } from "../../packages/contracts/src/index.ts";
import { type Listening, listen } from "../../packages/local/src/cloud/gateway/listen.ts";
import { blackPng } from "./pictures.ts";

const drawing: Drawing = { prompt: "A red cup", style: "flat", aspectRatio: "16:9", seed: 7 };
const png = blackPng(64, 64);

/** Bedrock's InvokeModel, of which a test says every answer; none: it hangs up; "silence": it waits. */
let listening: Listening;
let asked: { path: string; body: unknown }[];
let say: () => { status: number; body: object; error?: string } | "silence" | undefined;

beforeAll(async () => {
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ path: request.url ?? "", body: JSON.parse(Buffer.concat(chunks).toString("utf8")) });
    const said = say();
    if (said === "silence") return;
    if (said === undefined) return void request.socket.destroy();
    const { status, body, error } = said;
    const headers = { "content-type": "application/json", ...(error && { "x-amzn-errortype": error }) };
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  listening = await listen(server, 0);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await listening.close();
});
beforeEach(() => {
  vi.stubEnv("AWS_ENDPOINT_URL", listening.endpoint);
  asked = [];
  say = () => ({
    status: 200,
    body: { seeds: [7], finish_reasons: [null], images: [png.toString("base64")] },
  });
});

const linked = (adapter: "stability" | "nova-canvas", modelId: string, seconds = 5) =>
  linkedImageModel({ adapter, modelId, region: "us-west-2", seconds, priceUsd: 0.04 });
const stable = (seconds?: number) => linked("stability", "stable", seconds);
const nova = () => linked("nova-canvas", "nova");

describe("Stability's model", () => {
  it("is asked in its own shape, and its picture comes back byte for byte", async () => {
    const outcome = await stable().draw(drawing);

    expect(asked).toEqual([
      {
        path: "/model/stable/invoke",
        body: {
          prompt: "A red cup. flat vector illustration, plain colours",
          negative_prompt: "blurry, low quality, watermark",
          aspect_ratio: "16:9",
          output_format: "png",
          seed: 7,
        },
      },
    ]);
    expect(outcome).toEqual({ outcome: "drawn", bytes: png, model: "stable", offline: false });
  });

  it.each([
    ["filter of the prompt", { finish_reasons: ["Filter reason: prompt"] }, { outcome: "filtered" }],
    [
      "filter of the picture",
      { seeds: [7], finish_reasons: ["Filter reason: output image"], images: [] },
      { outcome: "filtered" },
    ],
    ["own error", { finish_reasons: ["Inference error"] }, { outcome: "unknown" }],
    ["silence", {}, { outcome: "unknown" }],
    ["list instead of an answer", [1], { outcome: "unknown" }],
  ])("with its %s has drawn nothing", async (_, body, outcome) => {
    say = () => ({ status: 200, body });

    expect(await stable().draw(drawing)).toMatchObject(outcome);
  });

  it("says that it is the local cloud's stand-in, where it is", async () => {
    say = () => ({
      status: 200,
      body: { finish_reasons: [null], images: [png.toString("base64")], offline: true },
    });

    expect(await stable().draw(drawing)).toMatchObject({ outcome: "drawn", offline: true });
  });
});

describe("Nova Canvas", () => {
  it("is asked in its own shape", async () => {
    say = () => ({ status: 200, body: { images: [png.toString("base64")] } });

    expect(await nova().draw(drawing)).toMatchObject({ outcome: "drawn" });
    expect(asked[0]?.body).toEqual({
      taskType: "TEXT_IMAGE",
      textToImageParams: {
        text: "A red cup",
        negativeText: "blurry, low quality",
        style: "FLAT_VECTOR_ILLUSTRATION",
      },
      imageGenerationConfig: {
        numberOfImages: 1,
        quality: "standard",
        width: 1280,
        height: 720,
        cfgScale: 7,
        seed: 7,
      },
    });
  });

  it("halves no character where a text and the words of a style are too long together", () => {
    const request = novaCanvas.request({
      prompt: `x${"🎬".repeat(999)}`,
      style: "3d",
      aspectRatio: "1:1",
      seed: 1,
    });

    expect(request).toMatchObject({ textToImageParams: { text: `x${"🎬".repeat(511)}` } });
  });

  it("has for every style and ratio a request that it takes: sides of 16, 4.19 megapixels, 1,024 characters", () => {
    for (const style of imageStyles)
      for (const aspectRatio of aspectRatios) {
        const request = novaCanvas.request({
          prompt: "x".repeat(1000),
          style,
          aspectRatio,
          seed: 858_993_459,
        });
        const [wide = 0, high = 0] = aspectRatio.split(":").map(Number);
        expect(request).toMatchObject({ textToImageParams: { text: expect.any(String) } });
        const { imageGenerationConfig: size, textToImageParams: words } = JSON.parse(JSON.stringify(request));
        expect([size.width % 16, size.height % 16]).toEqual([0, 0]);
        expect(size.width * size.height).toBeLessThanOrEqual(4_190_000);
        expect(size.width / size.height).toBeCloseTo(wide / high, 1);
        expect(words.text.length).toBeLessThanOrEqual(1024);
      }
  });

  it.each([
    ["keeps the picture back", { images: [], error: "All generated images have been blocked" }, "filtered"],
    ["gives nothing", { images: null }, "unknown"],
  ])("that %s has drawn nothing", async (_, body, outcome) => {
    say = () => ({ status: 200, body });

    expect(await nova().draw(drawing)).toMatchObject({ outcome });
  });
});

describe("an answer of Bedrock's that is an error", () => {
  it.each([
    ["ThrottlingException", 429, "", { outcome: "not_paid", error: { name: "Throttled" } }],
    ["ServiceUnavailableException", 503, "", { outcome: "not_paid", error: { name: "UpstreamUnavailable" } }],
    ["ModelNotReadyException", 429, "", { outcome: "not_paid" }],
    ["InternalServerException", 500, "", { outcome: "not_paid", error: { name: "UpstreamUnavailable" } }],
    ["AccessDeniedException", 403, "", { outcome: "not_paid", error: { name: "AccessDenied" } }],
    ["ResourceNotFoundException", 404, "", { outcome: "not_paid", error: { name: "AccessDenied" } }],
    ["ValidationException", 400, "blocked by our content filters", { outcome: "filtered" }],
    ["ValidationException", 400, "prompt is too long", { outcome: "refused", why: "ValidationException" }],
    ["ModelTimeoutException", 408, "", { outcome: "unknown" }],
    ["ModelErrorException", 424, "", { outcome: "unknown" }],
  ])(
    "%s (%i %s) says whether it may be asked again, and is asked once",
    async (error, status, message, outcome) => {
      say = () => ({ status, error, body: { message } });

      expect(await stable().draw(drawing)).toMatchObject(outcome);
      expect(asked).toHaveLength(1);
    },
  );

  it("that does not come leaves it open whether a picture was paid", async () => {
    say = () => undefined;

    expect(await stable().draw(drawing)).toMatchObject({ outcome: "unknown" });
    expect(asked).toHaveLength(1);
  });

  it("that comes too late leaves it open too", async () => {
    say = () => "silence";

    expect(await stable(0.2).draw(drawing)).toMatchObject({ outcome: "unknown" });
    expect(asked).toHaveLength(1);
  });

  it("cannot come where nobody listens: the request did not leave", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:1");

    expect(await stable().draw(drawing)).toMatchObject({
      outcome: "not_paid",
      error: { name: "UpstreamUnavailable" },
    });
  });
});
