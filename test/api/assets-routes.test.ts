import { beforeEach, describe, expect, it } from "vitest";
import { routeKeys, routes } from "../../packages/api/src/index.ts";
import { ownerMark } from "../../packages/assets/src/uploads/index.ts";
import { UpstreamUnavailable } from "../../packages/runtime/src/errors.ts";
import { blackPng } from "../assets/pictures.ts";
import { wantedCampaign } from "./campaign-fixtures.ts";
import { TestApp } from "./test-app.ts";

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
});
const ben = { subject: "ben", person: true } as const;
const ask = (body: unknown = { prompt: "A red cup" }) => at.ask("POST", "/api/assets/", { body });
const UUID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

describe("a picture", () => {
  it("is asked for: the record first, then the message, which says its id and nothing else", async () => {
    const { status, answer, headers } = await ask({
      prompt: "  A  red cup ",
      style: "retro",
      aspect_ratio: "21:9",
    });

    const id = String(answer.request_id);
    expect([status, answer]).toEqual([
      202,
      {
        message: "Image generation request queued",
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        status_url: `/api/assets/${id}`,
      },
    ]);
    expect(headers.get("location")).toBe(`/api/assets/${id}`);
    expect(at.campaigns.messages).toEqual([{ version: 1, request_id: id }]);
    expect(at.campaigns.images.all.get(id)).toMatchObject({
      user_id: "ana",
      key_owner: "ana",
      prompt: "A red cup",
      style: "retro",
      aspect_ratio: "21:9",
      status: "pending",
      expires_at: at.now / 1000 + 30 * 24 * 60 * 60,
    });
  });

  it("is asked for with and without the slash: API Gateway has a key for each", async () => {
    const { status } = await at.ask("POST", "/api/assets", { body: { prompt: "A red cup" } });

    expect([status, (await ask()).status]).toEqual([202, 202]);
    expect(routes.flatMap(routeKeys)).toEqual(
      expect.arrayContaining(["POST /api/assets", "POST /api/assets/{slash+}"]),
    );
  });

  it("is not what lies under its path, which reaches the function by the key for the slash", async () => {
    const { status } = await at.problem("POST", "/api/assets/x/y", { body: { prompt: "A red cup" } });

    expect(status).toBe(404);
  });

  it("is photographic and square where nothing is said", async () => {
    const { answer } = await ask();

    const shown = await at.ask("GET", String(answer.status_url));

    expect([shown.status, shown.answer]).toEqual([
      200,
      {
        request_id: answer.request_id,
        prompt: "A red cup",
        style: "photographic",
        aspect_ratio: "1:1",
        created_at: "2026-01-31T00:00:00.000Z",
        status: "pending",
      },
    ]);
  });

  it.each([
    ["without a prompt", {}, "prompt"],
    ["of 10,000 characters", { prompt: "x".repeat(10_000) }, "prompt"],
    ["of nothing that is seen", { prompt: "\u200b" }, "prompt"],
    ["with a mark that turns the writing", { prompt: "a \u202e cup" }, "prompt"],
    ["in a style that there is not", { prompt: "a", style: "../x" }, "style"],
    ["in a ratio that there is not", { prompt: "a", aspect_ratio: "3:1" }, "aspect_ratio"],
    ["for somebody else", { prompt: "a", user_id: "ben" }, "user_id"],
    ["at a key of one's own", { prompt: "a", s3_key: "generated/ben/x.png" }, "s3_key"],
  ])("%s is refused: nothing is recorded, sent or counted", async (_, body, field) => {
    const { status, errors } = await at.problem("POST", "/api/assets/", { body });

    expect([status, [...new Set(errors?.map((each) => each.field))]]).toEqual([400, [field]]);
    const { images, messages, limits } = at.campaigns;
    expect([images.all.size, messages.length, limits.full.size]).toEqual([0, 0, 0]);
  });

  it("whose message does not come into the queue is 503, and failed for good", async () => {
    at.campaigns.onSend = () => {
      throw new UpstreamUnavailable("the queue does not answer");
    };

    const { status } = await at.problem("POST", "/api/assets/", { body: { prompt: "A red cup" } });

    expect(status).toBe(503);
    const [record] = [...at.campaigns.images.all.values()];
    expect(record).toMatchObject({ status: "failed", error: "not_queued" });
  });

  it("whose message came into the queue though the answer was lost is being drawn, and queued", async () => {
    at.campaigns.onSend = () => {
      const [record] = [...at.campaigns.images.all.values()];
      void at.campaigns.images.claim(record?.request_id ?? "", { id: "other", now: at.now }, at.now + 60_000);
      throw new UpstreamUnavailable("the answer is lost");
    };

    expect((await ask()).status).toBe(202);
  });

  it("of somebody else is 404, in the words of one that never was", async () => {
    const { answer } = await ask();

    const others = await at.problem("GET", String(answer.status_url), { caller: ben });
    const nobodys = await at.problem("GET", `/api/assets/${UUID}`);

    expect([others.status, others.detail]).toEqual([404, nobodys.detail]);
  });

  it("that was drawn says where it is, and one that was not says why", async () => {
    const first = String((await ask()).answer.request_id);
    const second = String((await ask({ prompt: "Another" })).answer.request_id);
    const by = { id: "c", now: at.now };
    await at.campaigns.images.claim(first, by, at.now + 1);
    await at.campaigns.images.complete(first, by, {
      s3_key: "generated/ana/k.png",
      s3_url: "https://pictures.example/generated/ana/k.png",
      generated_at: "2026-01-31T00:00:05.000Z",
      width: 1,
      height: 1,
      bytes: 1,
      model: "m",
      offline: true,
    });
    await at.campaigns.images.fail(second, by, "filtered");

    expect((await at.ask("GET", `/api/assets/${first}`)).answer).toMatchObject({
      status: "completed",
      s3_key: "generated/ana/k.png",
      s3_url: "https://pictures.example/generated/ana/k.png",
      generated_at: "2026-01-31T00:00:05.000Z",
    });
    expect((await at.ask("GET", `/api/assets/${second}`)).answer).toMatchObject({
      status: "failed",
      error: "filtered",
    });
  });

  it("that nobody drew for an hour is lost, and what comes later changes nothing; one that is drawn now is not", async () => {
    const [lost, drawn] = [String((await ask()).answer.request_id), String((await ask()).answer.request_id)];
    at.now += 61 * 60_000;
    await at.campaigns.images.claim(drawn, { id: "c", now: at.now }, at.now + 60_000);

    const shown = await Promise.all([lost, drawn].map((id) => at.ask("GET", `/api/assets/${id}`)));

    expect(shown.map(({ answer }) => answer.status)).toEqual(["failed", "pending"]);
    expect(at.campaigns.images.all.get(lost)).toMatchObject({ error: "lost" });
    expect(await at.campaigns.images.claim(lost, { id: "late", now: at.now }, at.now + 1)).toBe(false);
  });

  it("that a model was asked for, and nobody ended, is of unknown outcome: it may be paid", async () => {
    const id = String((await ask()).answer.request_id);
    const claim = { id: "c", now: at.now };
    await at.campaigns.images.claim(id, claim, at.now + 60_000);
    await at.campaigns.images.asking(id, claim);
    at.now += 61 * 60_000;

    const { answer } = await at.ask("GET", `/api/assets/${id}`);

    expect([answer.status, at.campaigns.images.all.get(id)]).toEqual([
      "failed",
      expect.objectContaining({ error: "outcome_unknown" }),
    ]);
  });

  it("is forgotten after 30 days, whether DynamoDB has removed it or not", async () => {
    const { answer } = await ask();
    at.now += 30 * 24 * 60 * 60_000;

    expect((await at.problem("GET", String(answer.status_url))).status).toBe(404);
  });
});

describe("an upload", () => {
  it("is by a form of one's own", async () => {
    const { status, answer, headers } = await at.ask("POST", "/api/upload/presigned-url", {
      body: { content_type: "image/jpeg", bytes: 1000 },
    });

    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(answer).toMatchObject({
      upload_id: expect.stringMatching(/^20260131T000000Z_[0-9a-f-]{36}\.jpg$/),
      method: "POST",
      expires_at: "2026-01-31T00:15:00.000Z",
      max_bytes: 15_000_000,
      status_url: `/api/upload/status/${answer.upload_id}`,
      fields: { key: `uploads/ana/${answer.upload_id}` },
    });
  });

  it.each([
    ["of no type", {}, "content_type"],
    ["of a type that is no picture", { content_type: "text/html" }, "content_type"],
    ["of any picture", { content_type: "image/*" }, "content_type"],
    ["of nothing", { content_type: "image/png", bytes: 0 }, "bytes"],
    ["that is too large", { content_type: "image/png", bytes: 15_000_001 }, "bytes"],
    ["to a key of one's own", { content_type: "image/png", key: "uploads/ben/x.png" }, "key"],
  ])("%s is refused, and not counted", async (_, body, field) => {
    const { status, errors } = await at.problem("POST", "/api/upload/presigned-url", { body });

    expect([status, [...new Set(errors?.map((each) => each.field))]]).toEqual([400, [field]]);
    expect(at.campaigns.limits.full.size).toBe(0);
  });

  it("that has not arrived, never was, or is somebody else's is the same 404", async () => {
    const id = `20260131T000000Z_${UUID}.png`;
    const path = `/api/upload/status/${id}`;
    const before = await at.problem("GET", path);
    at.campaigns.uploads.arrive(`uploads/ana/${id}`, blackPng(120, 90), "image/png", ownerMark("ana"));

    const own = await at.ask("GET", path);
    const others = await at.problem("GET", path, { caller: ben });

    expect([before.status, others.status, others.detail]).toEqual([404, 404, before.detail]);
    expect(own.answer).toMatchObject({
      status: "uploaded",
      content_type: "image/png",
      width: 120,
      height: 90,
    });
  });

  it.each(["..%2fben%2fx.png", "%252e%252e", "x.png", `20260131T000000Z_${UUID}.gif`])(
    "%s is no id of one",
    async (id) => {
      expect((await at.problem("GET", `/api/upload/status/${id}`)).status).toBe(400);
    },
  );
});

it("pictures and uploads have limits of their own, for each user", async () => {
  at.campaigns.rates = {
    ...at.campaigns.rates,
    campaign: { burst: 1, perHour: 1 },
    image: { burst: 1, perHour: 60 },
    upload: { burst: 1, perHour: 60 },
  };
  const form = () => at.problem("POST", "/api/upload/presigned-url", { body: { content_type: "image/png" } });
  await ask();
  await at.ask("POST", "/api/upload/presigned-url", { body: { content_type: "image/png" } });

  const image = await at.problem("POST", "/api/assets/", { body: { prompt: "Another" } });
  const upload = await form();

  expect([image.status, image.headers.get("retry-after"), upload.status]).toEqual([429, "60", 429]);
  expect(at.campaigns.limited).toEqual(["image", "upload"]);
  expect((await at.ask("POST", "/api/assets/", { body: { prompt: "a" }, caller: ben })).status).toBe(202);
  at.now += 60_000;
  expect((await ask({ prompt: "Another" })).status).toBe(202);
});

it("the six routes are for those who may make campaigns, by a token that says whose it is", async () => {
  const others = ["penstock/run", "penstock/operate", "penstock/exports", "penstock/analyse"];
  const upload = `20260131T000000Z_${UUID}.png`;

  for (const [method, path, body] of [
    ["POST", "/api/campaign/tier-1", wantedCampaign],
    ["GET", `/api/campaign/${UUID}`, undefined],
    ["POST", "/api/assets/", { prompt: "a" }],
    ["GET", `/api/assets/${UUID}`, undefined],
    ["POST", "/api/upload/presigned-url", { content_type: "image/png" }],
    ["GET", `/api/upload/status/${upload}`, undefined],
  ] as const) {
    expect((await at.problem(method, path, { body, scopes: undefined })).status).toBe(401);
    expect((await at.problem(method, path, { body, scopes: others })).status).toBe(403);
    expect((await at.problem(method, path, { body, caller: undefined })).status).toBe(401);
  }
});
