import { beforeEach, describe, expect, it } from "vitest";
import { interaction } from "./feature-fixtures.ts";
import { TestApp } from "./test-app.ts";

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
});

const path = "/api/interactions";

const send = (...interactions: unknown[]) => at.ask("POST", path, { body: { interactions } });
const refused = (...interactions: unknown[]) => at.problem("POST", path, { body: { interactions } });
const lines = () => at.stream.map(({ line }) => JSON.parse(line));

describe("sending interactions", () => {
  it("takes a batch and puts each into the stream under its user, as it was sent", async () => {
    const full = { ...interaction, rating: 4.5, device_type: "mobile", page_context: "homepage – “neu”" };
    const other = { ...interaction, interaction_id: "int_2", user_id: "user_1", rating: null };

    const { status, answer } = await send(full, other);

    expect([status, answer]).toEqual([202, { taken: 2 }]);
    expect(at.stream.map(({ key }) => key)).toEqual(["user_789", "user_1"]);
    expect(lines()).toEqual([full, other]);
    expect(at.stream.some(({ line }) => line.includes("\n"))).toBe(false);
  });

  it.each([
    ["2026-01-15T14:30:00Z", "2026-01-15T14:30:00Z"],
    ["2026-01-15T23:30:00-02:00", "2026-01-16T01:30:00Z"],
    ["2026-01-01T00:15:00.123456+01:00", "2025-12-31T23:15:00.123456Z"],
    ["2026-01-15T14:30:00", "2026-01-15T14:30:00Z"],
    ["2024-02-29T12:00:00.5+14:00", "2024-02-28T22:00:00.5Z"],
  ])("puts the moment %s into UTC, so that its day can be cut out of the text", async (sent, stored) => {
    await send({ ...interaction, timestamp: sent });

    expect(lines()[0].timestamp).toBe(stored);
  });

  it("refuses the whole batch and names each interaction and field that is wrong", async () => {
    const wrong = [
      interaction,
      { ...interaction, interaction_type: "like", rating: 6 },
      { ...interaction, timestamp: "2026-02-30T10:00:00Z", user_id: undefined },
      { ...interaction, price: 3 },
    ];

    const { status, errors } = await refused(...wrong);

    expect(status).toBe(400);
    expect(errors?.map(({ field }) => field).sort()).toEqual([
      "interactions.1.interaction_type",
      "interactions.1.rating",
      "interactions.2.timestamp",
      "interactions.2.user_id",
      "interactions.3.price",
    ]);
    expect(at.stream).toEqual([]);
  });

  it("refuses what is still to come, but for clocks that are a little ahead", async () => {
    at.now = Date.parse("2026-01-15T14:30:00Z");
    const ahead = { ...interaction, timestamp: "2026-01-15T14:35:00.001Z" };
    const little = { ...interaction, timestamp: "2026-01-15T16:35:00+02:00" };

    expect(await refused(little, ahead)).toMatchObject({
      status: 400,
      errors: [{ field: "interactions.1.timestamp", detail: expect.stringContaining("still to come") }],
    });
    expect(at.stream).toEqual([]);
    expect((await send(little)).status).toBe(202);
  });

  it("takes a batch of 31 days of the events' own time, and none of more, since the delivery keeps few open", async () => {
    const of = (day: number) => ({
      ...interaction,
      interaction_id: `int_${day}`,
      timestamp: new Date(Date.UTC(2025, 0, day)).toISOString(),
    });
    const many = Array.from({ length: 32 }, (_, day) => of(day));
    // The evening before in UTC, which is no day more.
    const evening = { ...of(1), interaction_id: "int_e", timestamp: "2025-01-01T23:00:00-02:00" };

    expect(await refused(...many)).toMatchObject({
      status: 400,
      type: "urn:penstock:problem:too-many-days",
      detail: expect.stringMatching(/32 different days.*31 at most.*earliest days first/),
    });
    expect(at.stream).toEqual([]);
    expect((await send(...many.slice(1), evening)).status).toBe(202);
  });

  it("says nothing of values that it refuses", async () => {
    const problem = await refused({ ...interaction, user_id: "4111 1111 1111 1111" });

    expect(JSON.stringify(problem)).not.toContain("4111");
  });

  it("names ten fields in the sentence and all of them in the errors", async () => {
    const { detail, errors } = await refused(
      ...Array.from({ length: 12 }, () => ({ ...interaction, rating: 0 })),
    );

    expect(detail).toContain("interactions.9.rating, and 2 more.");
    expect(errors).toHaveLength(12);
  });

  it("takes 500 of them, and neither 501 nor none", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...interaction, interaction_id: `int_${index}` }));

    expect((await send(...many(500))).status).toBe(202);
    expect(at.stream).toHaveLength(500);
    expect((await refused(...many(501))).errors).toEqual([
      { field: "interactions", detail: expect.stringContaining("at most 500") },
    ]);
    expect((await refused()).errors).toEqual([
      { field: "interactions", detail: expect.stringContaining("at least one") },
    ]);
  });

  it("takes a megabyte, and no more", async () => {
    const long = { ...interaction, page_context: "ä".repeat(200) };
    const body = (count: number) => ({ interactions: Array.from({ length: count }, () => long) });
    const padded = `${JSON.stringify(body(500))}${" ".repeat(700 * 1024)}`;

    expect((await at.ask("POST", path, { body: padded })).status).toBe(202);
    expect((await at.problem("POST", path, { body: padded + " ".repeat(1024 * 1024) })).status).toBe(413);
  });

  it("is for those who may send, and for nobody else", async () => {
    const asking = { body: { interactions: [interaction] } };

    expect((await at.problem("POST", path, { ...asking, scopes: undefined })).status).toBe(401);
    const others = ["penstock/run", "penstock/operate", "penstock/analyse", "penstock/features"];
    expect((await at.problem("POST", path, { ...asking, scopes: others })).status).toBe(403);
    expect((await at.ask("POST", path, { ...asking, scopes: ["penstock/ingest"] })).status).toBe(202);
  });
});

describe("a busy stream", () => {
  const three = ["a", "b", "c"].map((id) => ({ ...interaction, interaction_id: id }));
  const taken = () => lines().map(({ interaction_id }) => interaction_id);

  it("is sent what it did not take again, and only that", async () => {
    at.busy = [[0, 2], [1]];

    const { status, answer } = await send(...three);

    expect([status, answer]).toEqual([202, { taken: 3 }]);
    expect(taken()).toEqual(["b", "a", "c"]);
    expect(at.waited).toHaveLength(2);
  });

  it("that takes no more makes a 503 that names what is to be sent again", async () => {
    at.busy = [[0, 2], [0, 1], [1], [0], [0]];

    const problem = await refused(...three);

    expect(problem).toMatchObject({
      status: 503,
      type: "urn:penstock:problem:not-taken",
      errors: [{ field: "interactions.2", detail: "It was not taken. Send it again." }],
    });
    expect(problem.headers.get("retry-after")).toBe("5");
    expect(taken()).toEqual(["b", "a"]);
    expect(at.waited.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(4000);
  });
});
