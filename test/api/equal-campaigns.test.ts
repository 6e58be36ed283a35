import { beforeEach, describe, expect, it, vi } from "vitest";
import { wantedCampaign } from "./campaign-fixtures.ts";
import { TestApp } from "./test-app.ts";

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
});
const PATH = "/api/campaign/tier-1";
const make = (body: unknown = wantedCampaign, cacheControl?: string) =>
  at.ask("POST", PATH, { body, ...(cacheControl && { headers: { "cache-control": cacheControl } }) });
const refused = (body: unknown) => at.problem("POST", PATH, { body });
const ben = { subject: "ben", person: true } as const;
/** A user's campaigns may be made, but not waited for. */
const mayNotWait = () => at.campaigns.limits.full.set("wait#ana", at.now + 24 * 60 * 60 * 1000);

describe("an equal request", () => {
  it("is answered from the store: nothing is written, no permit is taken", async () => {
    const first = await make();
    at.now += 60_000;
    const before = at.campaigns.limits.full.get("campaign#ana");

    const again = await make({ ...wantedCampaign, target_markets: ["germany", " jp ", "DE"] });

    expect(again.answer).toEqual(first.answer);
    expect(again.headers.get("age")).toBe("60");
    // A reader takes one from the other: a day less a minute is left.
    expect(again.headers.get("cache-control")).toBe("private, max-age=86400");
    expect(again.headers.get("vary")).toBe("authorization");
    expect([at.campaigns.started.length, at.campaigns.uploads.puts]).toEqual([1, 1]);
    expect(at.campaigns.limits.full.get("campaign#ana")).toBe(before);
  });

  it("of somebody else is another campaign", async () => {
    const first = await make();

    const other = await at.ask("POST", PATH, { body: wantedCampaign, caller: ben });

    expect(other.answer.campaign_id).not.toBe(first.answer.campaign_id);
  });

  it.each([
    ["no-store", 2, 1],
    ["no-cache", 2, 2],
    ["max-age=0", 2, 2],
    ["max-age=30", 2, 2],
    ["max-age=90", 1, 1],
    ["max-stale", 1, 1],
  ])("with Cache-Control: %s makes %i campaigns, and the store has number %i", async (header, made, kept) => {
    const ids = [(await make()).answer.campaign_id];
    at.now += 60_000;
    ids.push((await make(wantedCampaign, header)).answer.campaign_id);

    expect(new Set(ids).size).toBe(made);
    const [pointer] = [...at.campaigns.stored.pointers.values()];
    expect(pointer?.product_id).toBe(ids[kept - 1]);
  });

  it("with no-store, first, is kept by nobody", async () => {
    const { headers } = await make(wantedCampaign, "no-store");

    expect([at.campaigns.stored.pointers.size, headers.get("cache-control")]).toEqual([0, "no-store"]);
  });

  it("while the first still runs waits for that one", async () => {
    const both = await Promise.all([make(), make()]);

    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(both[0].answer.campaign_id).toBe(both[1].answer.campaign_id);
    expect(at.campaigns.started).toHaveLength(1);
  });

  it("takes no permit beside the first: twelve at once are one campaign, and four others can be asked for", async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => make()));
    const others = [];
    for (const name of ["a", "b", "c", "d", "e"])
      others.push((await at.ask("POST", PATH, { body: { ...wantedCampaign, objectives: [name] } })).status);

    expect(new Set(all.map(({ answer }) => answer.campaign_id)).size).toBe(1);
    expect(at.campaigns.limited).toEqual(["campaign"]);
    expect(others).toEqual([200, 200, 200, 200, 429]);
  });

  it("is not kept waiting for one that was refused", async () => {
    at.campaigns.rates = { ...at.campaigns.rates, campaign: { burst: 1, perHour: 60 } };
    await make({ ...wantedCampaign, objectives: ["Another"] });
    await refused(wantedCampaign);
    const [pointers, began] = [at.campaigns.stored.pointers.size, at.now];

    const again = await refused(wantedCampaign);

    expect([pointers, again.status, at.now - began]).toEqual([1, 429, 0]);
  });

  it("that would wait too often is told where it will be, at once", async () => {
    at.campaigns.course = { after: 1, ends: "never" };
    await make();
    for (let times = 0; times < 5; times += 1) await make();
    const began = at.now;

    const { status, headers } = await make();
    const waited = at.now - began;
    const another = await at.ask("POST", PATH, { body: wantedCampaign, caller: ben });

    expect([status, headers.get("retry-after"), at.campaigns.started.length]).toEqual([202, "3", 2]);
    expect(headers.get("location")).toMatch(/^\/api\/campaign\//);
    expect(another.status).toBe(202);
    // Somebody else waits as long as anybody.
    expect([waited, at.now - began > 20_000]).toEqual([0, true]);
    expect(at.campaigns.limited).toEqual([]);
  });

  it("that may not wait looks once: after one that broke off it is made anew", async () => {
    at.campaigns.course = { after: 30_000, ends: "interrupted" };
    await make();
    at.now += 10_000;
    mayNotWait();
    at.campaigns.course = { after: 0, ends: "completed" };

    const { status, answer } = await make();

    expect([status, answer.status, at.campaigns.started.length]).toEqual([200, "completed", 2]);
  });

  it.each([400, 4000])("that may not wait waits %i ms for the record of one that begins", async (later) => {
    at.campaigns.course = { after: 1, ends: "never" };
    mayNotWait();
    const { uploads } = at.campaigns;
    const put = uploads.put.bind(uploads);
    // Between its pointer and its record the first one's picture is kept.
    vi.spyOn(uploads, "put").mockImplementation(async (...wanted) => {
      const until = at.now + later;
      for (let turns = 0; turns < 50 && at.now < until; turns += 1) await new Promise(setImmediate);
      await put(...wanted);
    });

    const [first, second] = await Promise.all([make(), make()]);

    expect([first.status, second.status, at.campaigns.started.length]).toEqual([202, 202, 1]);
    expect(first.answer.campaign_id).toBe(second.answer.campaign_id);
  });

  it("while one begins whose record does not come in time is told to come again: no second one is begun", async () => {
    const { stored, limits, started } = at.campaigns;
    // Only some of the request's time is left when it finds the pointer, which was written right now.
    vi.spyOn(stored, "stored").mockImplementationOnce(async () => {
      at.now += 20_000;
      return { product_id: "begun-now", at: at.now };
    });

    const { status, headers } = await refused(wantedCampaign);

    expect([status, headers.get("retry-after"), started.length]).toEqual([503, "5", 0]);
    expect(limits.full.has("campaign#ana")).toBe(false);
  });

  it("as one whose record never came is made at once, not waited for", async () => {
    const { stored } = at.campaigns;
    await make();
    const [key, pointer] = [...stored.pointers].at(0) ?? ["", undefined];
    stored.pointers.set(key, { product_id: "gone", at: at.now, until: at.now + 86_400_000, ...pointer });
    stored.records.clear();
    at.now += 11_000;
    const began = at.now;

    const { status } = await make();

    expect([status, at.campaigns.started.length]).toEqual([200, 2]);
    expect(at.now - began).toBeLessThan(6000);
  });

  it("while the first still runs, and comes to nothing, is made and kept in its place", async () => {
    at.campaigns.course = { after: 3000, ends: "interrupted" };
    at.campaigns.onStart = () => {
      if (at.campaigns.started.length === 1) at.campaigns.course = { after: 1000, ends: "completed" };
    };

    const [first, second] = await Promise.allSettled([make(), make()]);
    const ids = [...at.campaigns.stored.pointers.values()].map(({ product_id }) => product_id);
    const again = await make();

    expect([first.status, second.status, at.campaigns.started.length]).toEqual(["fulfilled", "fulfilled", 2]);
    expect(ids).toEqual([again.answer.campaign_id]);
    expect([again.status, at.campaigns.started.length]).toEqual([200, 2]);
  });

  it("after one that came to nothing is made anew, and kept in its place", async () => {
    at.campaigns.course = { after: 1000, ends: "interrupted" };
    await refused(wantedCampaign);
    at.campaigns.course = { after: 1000, ends: "completed" };

    const { status, answer } = await make();

    expect([status, at.campaigns.started.length]).toEqual([200, 2]);
    expect([...at.campaigns.stored.pointers.values()].map(({ product_id }) => product_id)).toEqual([
      answer.campaign_id,
    ]);
  });

  it("a day later is made anew", async () => {
    await make();
    at.now += 24 * 60 * 60 * 1000;

    await make();

    expect(at.campaigns.started).toHaveLength(2);
  });
});
