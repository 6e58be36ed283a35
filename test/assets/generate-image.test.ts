import { describe, expect, it, vi } from "vitest";
import type { DrawOutcome } from "../../packages/assets/src/images/image-model.ts";
import { generateImage } from "../../packages/assets/src/index.ts";
import { Throttled, UpstreamUnavailable } from "../../packages/runtime/src/errors.ts";
import { asked, drawn, ID, KEY, Studio } from "./drawing.ts";
import { blackPng } from "./pictures.ts";

const VISIBLE_AGAIN = 300_000;
const busy: DrawOutcome = { outcome: "not_paid", error: new Throttled("the model is busy") };

describe("a picture that was asked for", () => {
  it("is drawn from its record, lies at its key and is paid for", async () => {
    const studio = new Studio();

    await studio.deliver();

    expect(studio.drawings).toEqual([
      { prompt: "A red cup", style: "photographic", aspectRatio: "1:1", seed: asked.seed },
    ]);
    expect([...studio.pictures.all.keys()]).toEqual([KEY]);
    expect(studio.record).toMatchObject({
      status: "completed",
      s3_key: KEY,
      s3_url: `https://pictures.example/${KEY}`,
      width: 64,
      height: 48,
      model: "fixture",
      offline: true,
      attempts: 1,
    });
    expect(studio.events).toEqual([{ event: "paid" }, { event: "completed" }]);
  });

  it("is drawn once of two messages side by side, and the other comes again", async () => {
    const studio = new Studio();

    const both = await Promise.allSettled([studio.deliver(), studio.deliver()]);

    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(studio.drawings).toHaveLength(1);
    expect(studio.record).toMatchObject({ status: "completed", attempts: 1 });
  });

  it("is not touched by a message that comes after it is drawn", async () => {
    const studio = new Studio();
    await studio.deliver();
    const before = structuredClone(studio.record);

    studio.now += VISIBLE_AGAIN;
    await studio.deliver(2);

    expect([studio.drawings.length, studio.record]).toEqual([1, before]);
  });

  it("is asked for again when the model said that it drew nothing", async () => {
    const studio = new Studio();
    studio.draw = () => busy;
    await expect(studio.deliver()).rejects.toMatchObject({ name: "Throttled" });
    expect(studio.record).toMatchObject({ status: "pending", attempts: 1 });
    expect(studio.record).not.toHaveProperty("asked_at");

    studio.draw = () => drawn;
    await studio.deliver(2);

    expect(studio.record).toMatchObject({ status: "completed", attempts: 2 });
    expect(studio.events).toEqual([{ event: "paid" }, { event: "completed" }]);
  });

  it("is given up with the third receive, and its message is a dead letter all the same", async () => {
    const studio = new Studio();
    studio.draw = () => busy;

    for (const receives of [1, 2, 3]) {
      await expect(studio.deliver(receives)).rejects.toMatchObject({ name: "Throttled" });
      studio.now += VISIBLE_AGAIN;
    }

    expect(studio.record).toMatchObject({ status: "failed", error: "gave_up", attempts: 3 });
    studio.draw = () => drawn;
    await studio.deliver();
    expect([studio.drawings.length, studio.record?.status]).toEqual([3, "failed"]);
  });

  it.each([
    ["that the filter stops", { outcome: "filtered" }, "filtered", 0],
    ["that the model refuses", { outcome: "refused", why: "ValidationException" }, "refused", 0],
    ["whose answer is lost", { outcome: "unknown", why: "TimeoutError" }, "outcome_unknown", 1],
    [
      "whose answer is no picture",
      { outcome: "drawn", bytes: Buffer.from("no picture"), model: "m", offline: false },
      "image_unreadable",
      1,
    ],
    [
      "whose answer is cut off",
      { outcome: "drawn", bytes: blackPng(64, 48).subarray(0, -9), model: "m", offline: false },
      "image_unreadable",
      1,
    ],
  ] as const)("%s fails for good, and is asked for once", async (_, outcome, error, paid) => {
    const studio = new Studio();
    studio.draw = () => outcome;

    await studio.deliver();
    studio.now += VISIBLE_AGAIN;
    await studio.deliver(2);

    expect(studio.record).toMatchObject({ status: "failed", error });
    expect(studio.drawings).toHaveLength(1);
    expect(studio.events.filter(({ event }) => event === "paid")).toHaveLength(paid);
    // Why stands nowhere else.
    const why = "why" in outcome ? { why: outcome.why } : {};
    expect(studio.events.at(-1)).toEqual({ event: "failed", error, ...why });
    expect(studio.pictures.all.size).toBe(0);
  });
});

describe("a delivery that breaks off", () => {
  const died = () => {
    throw new Error("the sandbox is gone");
  };

  it("before the model is asked costs nothing, and the next draws it once nobody can be at it", async () => {
    const studio = new Studio();
    const { records } = studio;
    await records.claim(ID, { id: "gone", now: studio.now }, studio.now + 60_000);

    await expect(studio.deliver(2)).rejects.toMatchObject({ name: "ObjectBusy" });
    studio.now += VISIBLE_AGAIN;
    await studio.deliver(3);

    expect([studio.drawings.length, studio.record?.status]).toEqual([1, "completed"]);
  });

  it("between asking and the answer may have cost: no other asks, and the outcome is unknown", async () => {
    const studio = new Studio();
    studio.draw = died;
    await expect(studio.deliver()).rejects.toThrow("gone");

    studio.now += VISIBLE_AGAIN;
    await studio.deliver(2);

    expect(studio.drawings).toHaveLength(1);
    expect(studio.record).toMatchObject({ status: "failed", error: "outcome_unknown" });
  });

  it("after the picture is stored loses nothing: the next finds it", async () => {
    const studio = new Studio();
    vi.spyOn(studio.records, "complete").mockImplementationOnce(died);
    await expect(studio.deliver(1)).rejects.toThrow("gone");

    studio.now += VISIBLE_AGAIN;
    await studio.deliver(2);

    expect(studio.drawings).toHaveLength(1);
    expect(studio.record).toMatchObject({
      status: "completed",
      s3_key: KEY,
      generated_at: "2026-01-31T00:00:00.000Z",
    });
  });

  it("with the third receive, after the picture is stored, leaves it to be found: a dead letter can be taken up", async () => {
    const studio = new Studio();
    vi.spyOn(studio.records, "complete").mockImplementationOnce(died);

    await expect(studio.deliver(3)).rejects.toThrow("gone");
    expect(studio.record?.status).toBe("pending");
    studio.now += VISIBLE_AGAIN;
    await studio.deliver(1);

    expect(studio.record?.status).toBe("completed");
  });

  it("because the bucket takes nothing, with the third receive, tells whoever asked", async () => {
    const studio = new Studio();
    const images = {
      ...studio.ports.images,
      put: async () => {
        throw new UpstreamUnavailable("the bucket does not answer");
      },
    };

    await expect(studio.deliver(3, { images })).rejects.toMatchObject({ name: "UpstreamUnavailable" });

    expect(studio.record).toMatchObject({ status: "failed", error: "outcome_unknown" });
  });

  it("is not cut short by the third receive of another message while it draws", async () => {
    const studio = new Studio();
    let other: PromiseSettledResult<void> | undefined;
    studio.draw = async () => {
      [other] = await Promise.allSettled([studio.deliver(3)]);
      return drawn;
    };

    await studio.deliver(1);

    expect(other).toMatchObject({ status: "rejected", reason: { name: "ObjectBusy" } });
    expect([studio.drawings.length, studio.record?.status]).toEqual([1, "completed"]);
  });
});

it("a message of a picture that nobody asked for draws nothing and writes nothing", async () => {
  const studio = new Studio();
  const before = structuredClone([...studio.records.all]);

  for (const receives of [1, 2, 3])
    await expect(
      generateImage("00000000-0000-4000-8000-000000000000", receives, studio.ports),
    ).rejects.toMatchObject({ name: "InvalidInput" });

  expect([studio.drawings, [...studio.records.all]]).toEqual([[], before]);
});
