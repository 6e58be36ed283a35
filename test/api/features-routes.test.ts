import { beforeEach, describe, expect, it } from "vitest";
import { onlineItem as item } from "./feature-fixtures.ts";
import { TestApp } from "./test-app.ts";

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
});

describe("the features of one", () => {
  it("are those of the online store, without what is the store's own", async () => {
    at.online.user.push(item("u1"));
    at.online.item.push(item("u1", { features: { popularity_score: 0.5 } }));

    const user = await at.ask("GET", "/api/features/user/u1");
    const product = await at.ask("GET", "/api/features/item/u1");

    expect([user.status, user.answer]).toEqual([
      200,
      {
        id: "u1",
        version: 1,
        as_of: "2026-01-31T00:00:00Z",
        run: "daily-2026-01-30-0123abcd",
        features: { total_interactions: 3, favorite_category: "toys" },
      },
    ]);
    expect(user.headers.get("cache-control")).toBe("no-store");
    expect(product.answer).toMatchObject({ features: { popularity_score: 0.5 } });
  });

  it("are missing when there are none, and when their time is over though they are still there", async () => {
    at.online.user.push(item("over", { expires_at: at.now / 1000 }));

    expect((await at.problem("GET", "/api/features/user/over")).status).toBe(404);
    expect(await at.problem("GET", "/api/features/item/none")).toMatchObject({
      status: 404,
      detail: expect.stringContaining('features of the product "none"'),
    });
  });

  it("are not looked for under what is no id", async () => {
    const { status, errors } = await at.problem("GET", "/api/features/user/a%20b");

    expect([status, errors?.map(({ field }) => field)]).toEqual([400, ["id"]]);
  });
});

describe("the features of many", () => {
  const batch = (ids: unknown, path = "/api/features/user/batch") => at.ask("POST", path, { body: { ids } });

  it("are found in the order asked for, and what is not there is said", async () => {
    at.online.user.push(item("b"), item("a"), item("over", { expires_at: 0 }));

    const { status, answer } = await batch(["a", "over", "none", "b", "a"]);

    expect(status).toBe(200);
    expect(answer).toMatchObject({ found: [{ id: "a" }, { id: "b" }], missing: ["over", "none"] });
  });

  it("are those of products under their own path", async () => {
    at.online.item.push(item("p1"));

    expect((await batch(["p1"], "/api/features/item/batch")).answer).toMatchObject({ found: [{ id: "p1" }] });
    expect((await batch(["p1"])).answer).toMatchObject({ found: [], missing: ["p1"] });
  });

  it.each([
    ["more than 100", Array.from({ length: 101 }, (_, id) => String(id)), "ids"],
    ["none", [], "ids"],
    ["one that is no id", ["a", "b c"], "ids.1"],
    ["no list", "a", "ids"],
  ])("are refused for %s", async (_, ids, field) => {
    const { status, errors } = await at.problem("POST", "/api/features/user/batch", { body: { ids } });

    expect([status, errors?.map((each) => each.field)]).toEqual([400, [field]]);
  });

  it("are for those who may read features, and for nobody else", async () => {
    const asking = { body: { ids: ["a"] } };
    const others = ["penstock/run", "penstock/operate", "penstock/analyse", "penstock/ingest"];

    for (const [method, path, more] of [
      ["POST", "/api/features/user/batch", asking],
      ["POST", "/api/features/item/batch", asking],
      ["GET", "/api/features/user/a", {}],
      ["GET", "/api/features/item/a", {}],
    ] as const) {
      expect((await at.problem(method, path, { ...more, scopes: undefined })).status).toBe(401);
      expect((await at.problem(method, path, { ...more, scopes: others })).status).toBe(403);
    }
    expect(
      (await at.ask("POST", "/api/features/user/batch", { ...asking, scopes: ["penstock/features"] })).status,
    ).toBe(200);
  });
});
