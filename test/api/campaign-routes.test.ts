import { beforeEach, describe, expect, it } from "vitest";
import { ownerMark } from "../../packages/assets/src/uploads/index.ts";
import { Throttled } from "../../packages/runtime/src/errors.ts";
import { blackPng } from "../assets/pictures.ts";
import { wantedCampaign } from "./campaign-fixtures.ts";
import { TestApp } from "./test-app.ts";

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
});
const PATH = "/api/campaign/tier-1";
const make = (body: unknown = wantedCampaign) => at.ask("POST", PATH, { body });
const refused = (body: unknown) => at.problem("POST", PATH, { body });
const ben = { subject: "ben", person: true } as const;

/** Nothing is stored, started or counted, but as said. */
const untouched = (...counted: readonly string[]) => {
  const { stored, uploads, started, limits } = at.campaigns;
  expect([stored.records.size, stored.pointers.size, uploads.puts, started.length]).toEqual([0, 0, 0, 0]);
  expect([...limits.full.keys()]).toEqual(counted);
};
describe("a campaign", () => {
  it("is answered when it is made in time, with its ids in headers", async () => {
    const { status, answer, headers } = await make();

    expect([status, answer.status]).toEqual([200, "completed"]);
    expect(headers.get("x-correlation-id")).toBe(answer.correlation_id);
    expect(headers.get("cache-control")).toBe("private, max-age=86400");
    expect(headers.get("vary")).toBe("authorization");
    expect(at.campaigns.started).toEqual([
      expect.objectContaining({
        product_id: answer.campaign_id,
        correlation_id: answer.correlation_id,
        user_id: "ana",
        key_owner: "ana",
        s3_bucket: "uploads",
        s3_key: expect.stringMatching(/^uploads\/ana\/20260131T000000Z_[0-9a-f-]{36}\.png$/),
        markets: ["DE", "JP"],
        tier: 1,
      }),
    ]);
  });

  it("of a program has keys without the program's name, and is the program's own", async () => {
    const shop = { subject: "shop-client", person: false };

    const { answer } = await at.ask("POST", PATH, { body: wantedCampaign, caller: shop });

    expect(at.campaigns.started[0]).toMatchObject({ user_id: "shop-client", key_owner: "anonymous" });
    const path = `/api/campaign/${answer.campaign_id}`;
    expect((await at.ask("GET", path, { caller: shop })).status).toBe(200);
    expect((await at.problem("GET", path, { caller: { subject: "other", person: false } })).status).toBe(404);
  });

  it("that takes longer is at its own path: 202, then running, then made", async () => {
    at.campaigns.course = { after: 40_000, ends: "completed" };
    const began = at.now;

    const { status, answer, headers } = await make();
    const path = headers.get("location") ?? "";
    const running = await at.ask("GET", path);
    at.now += 20_000;
    const made = await at.ask("GET", path);

    expect([status, answer.status, headers.get("retry-after")]).toEqual([202, "running", "3"]);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(path).toBe(`/api/campaign/${answer.campaign_id}`);
    expect(answer.status_url).toBe(path);
    expect(at.now - began).toBeGreaterThan(24_000);
    expect([running.answer.status, running.headers.get("cache-control")]).toEqual(["running", "no-store"]);
    expect([made.answer.status, made.headers.get("cache-control"), made.headers.get("vary")]).toEqual([
      "completed",
      "private, max-age=3600",
      "authorization",
    ]);
  });

  it("is waited for from when the request came, and its execution is asked for seldom", async () => {
    at.campaigns.course = { after: 1, ends: "never" };
    const began = at.now;

    await make();

    expect(at.now - began).toBeLessThanOrEqual(25_000);
    expect(at.campaigns.asked).toBeLessThanOrEqual(5);
  });

  it("is looked at as often as one likes, and its execution is asked for every five seconds", async () => {
    at.campaigns.course = { after: 1, ends: "never" };
    const { answer } = await make();
    const before = at.campaigns.asked;

    for (let looks = 0; looks < 20; looks += 1) {
      expect((await at.ask("GET", `/api/campaign/${answer.campaign_id}`)).answer.status).toBe("running");
      at.now += 500;
    }

    expect(at.campaigns.asked - before).toBeLessThanOrEqual(3);
  });

  it("is waited for, and shown as running, where nobody says how its execution stands", async () => {
    at.campaigns.course = { after: 12_000, ends: "completed" };
    at.campaigns.onAsked = () => {
      throw new Throttled("DescribeExecution: too many questions");
    };

    const { status } = await make();
    at.campaigns.course = { after: 40_000, ends: "completed" };
    const { answer } = await make({ ...wantedCampaign, objectives: ["Another"] });
    const shown = await at.ask("GET", `/api/campaign/${answer.campaign_id}`);

    expect([status, answer.status, shown.status, shown.answer.status]).toEqual([
      200,
      "running",
      200,
      "running",
    ]);
    expect(at.campaigns.asked).toBeGreaterThan(3);
  });

  it("that breaks off is 503 with its id, and failed at its path", async () => {
    at.campaigns.course = { after: 3000, ends: "interrupted" };

    const { status, detail, headers } = await refused(wantedCampaign);
    const [id] = [...at.campaigns.stored.records.keys()];
    const shown = await at.ask("GET", `/api/campaign/${id}`);

    expect([status, detail?.includes(String(id)), headers.get("retry-after")]).toEqual([503, true, "5"]);
    expect(headers.get("x-correlation-id")).toBe(shown.answer.correlation_id);
    expect(shown.answer).toMatchObject({ status: "failed", reason: "interrupted" });
  });

  it("whose machine was never started is called interrupted once it cannot begin any more", async () => {
    at.campaigns.onStart = () => {
      throw new Error("Step Functions is gone");
    };
    expect((await refused(wantedCampaign)).status).toBe(500);
    const [id] = [...at.campaigns.stored.records.keys()];

    const soon = await at.ask("GET", `/api/campaign/${id}`);
    at.now += 11_000;
    const later = await at.ask("GET", `/api/campaign/${id}`);

    expect([soon.answer.status, later.answer.status]).toEqual(["running", "failed"]);
  });

  it("whose picture cannot be decoded is 422, as it is when the bytes tell it", async () => {
    at.campaigns.course = { after: 1000, ends: "image_unreadable" };

    const { type, status, errors } = await refused(wantedCampaign);

    expect([type, status, errors]).toEqual([
      "urn:penstock:problem:unusable-image",
      422,
      [{ field: "image", detail: "image_unreadable" }],
    ]);
  });
});

describe("a request for a campaign that is refused before anything is stored, started or counted", () => {
  const { image: _, ...withoutImage } = wantedCampaign;
  const product = (more: object) => ({ ...wantedCampaign, product: { ...wantedCampaign.product, ...more } });

  it.each([
    ["no image", withoutImage, "image"],
    ["an empty name", product({ name: "" }), "product.name"],
    ["a name of white space", product({ name: "  \t " }), "product.name"],
    ["a name that nobody sees", product({ name: "\u200b\u200b" }), "product.name"],
    ["10,000 characters of description", product({ description: "x".repeat(10_000) }), "product.description"],
    ["a market that there is not", { ...wantedCampaign, target_markets: ["DE", "XX"] }, "target_markets.1"],
    ["Atlantis", { ...wantedCampaign, target_markets: ["Atlantis"] }, "target_markets.0"],
    [
      "six markets",
      { ...wantedCampaign, target_markets: ["DE", "JP", "BR", "US", "FR", "IT"] },
      "target_markets",
    ],
    ["no objective", { ...wantedCampaign, objectives: [] }, "objectives"],
    ["a user of one's own choice", { ...wantedCampaign, user_id: "ben" }, "user_id"],
  ])("%s: 400", async (_name, body, field) => {
    const { status, errors } = await refused(body);

    expect([status, [...new Set(errors?.map((each) => each.field))]]).toEqual([400, [field]]);
    untouched();
  });

  it("an upload's id of another form: 400", async () => {
    for (const upload_id of ["../ana/x.png", "%2f", "uploads/ben/20260131T000000Z_x.png"])
      expect((await refused({ ...wantedCampaign, image: { upload_id } })).status).toBe(400);
    untouched();
  });

  it.each([
    ["a text file", Buffer.from("not a picture"), "not_an_image"],
    ["a picture that is cut", blackPng(120, 90).subarray(0, -20), "truncated"],
    ["50 megapixels", blackPng(8192, 6144), "too_many_pixels"],
    ["a picture that is too small", blackPng(12, 9), "too_small"],
  ])("%s: 422, within the request and as an upload", async (_name, bytes, fault) => {
    const inline = { content_type: "image/png", data: bytes.toString("base64") };
    const upload_id = "20260131T000000Z_6f9619ff-8b86-4d01-b42d-00cf4fc964ff.png";
    at.campaigns.uploads.arrive(`uploads/ana/${upload_id}`, bytes, "image/png", ownerMark("ana"));

    for (const image of [inline, { upload_id }]) {
      const { status, errors } = await refused({ ...wantedCampaign, image });
      expect([status, errors]).toEqual([422, [{ field: "image", detail: fault }]]);
    }
    untouched("judge#ana");
  });

  it("an upload of somebody else, and one that never was: the same 404", async () => {
    const upload_id = "20260131T000000Z_6f9619ff-8b86-4d01-b42d-00cf4fc964ff.png";
    at.campaigns.uploads.arrive(`uploads/ben/${upload_id}`, blackPng(120, 90), "image/png", ownerMark("ben"));
    const other = upload_id.replace("6f96", "0000");

    const others = await refused({ ...wantedCampaign, image: { upload_id } });
    const nobodys = await refused({ ...wantedCampaign, image: { upload_id: other } });

    expect([others.status, others.detail]).toEqual([404, nobodys.detail]);
    untouched("judge#ana");
  });

  it("a body that is too large: 413", async () => {
    expect((await refused({ ...wantedCampaign, more: "x".repeat(6 * 1024 * 1024) })).status).toBe(413);
    untouched();
  });
});

it("an upload that can be used makes a campaign, and is not copied", async () => {
  const upload_id = "20260131T000000Z_6f9619ff-8b86-4d01-b42d-00cf4fc964ff.png";
  at.campaigns.uploads.arrive(`uploads/ana/${upload_id}`, blackPng(120, 90), "image/png", ownerMark("ana"));

  const { status } = await make({ ...wantedCampaign, image: { upload_id } });

  expect([status, at.campaigns.uploads.puts]).toEqual([200, 0]);
  expect(at.campaigns.started[0]?.s3_key).toBe(`uploads/ana/${upload_id}`);
});

it("who asks for too many is told when to come again, and gets one then", async () => {
  const different = (number: number) => ({ ...wantedCampaign, objectives: [`Objective ${number}`] });
  at.campaigns.course = { after: 0, ends: "completed" };
  for (let number = 0; number < 5; number += 1) await make(different(number));

  const { status, type, headers } = await refused(different(5));
  const wait = Number(headers.get("retry-after"));
  at.now += wait * 1000;
  const then = await make(different(5));

  expect([status, type, at.campaigns.limited]).toEqual([
    429,
    "urn:penstock:problem:too-many-requests",
    ["campaign"],
  ]);
  expect([wait > 0, then.status]).toEqual([true, 200]);
  expect((await at.ask("POST", PATH, { body: different(6), caller: ben })).status).toBe(200);
});
