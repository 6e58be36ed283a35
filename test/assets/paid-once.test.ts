import fc from "fast-check";
import { expect, test } from "vitest";
import type { DrawOutcome } from "../../packages/assets/src/images/image-model.ts";
import { imageStatus } from "../../packages/assets/src/images/index.ts";
import { generateImage } from "../../packages/assets/src/index.ts";
import { NamedError, Throttled } from "../../packages/runtime/src/errors.ts";
import { drawn, ID, KEY, Studio } from "./drawing.ts";

/** A sandbox that is gone, and whatever it did next. */
class Gone extends Error {}

const FUNCTION_MS = 50_000;

/** What the model makes of it, and whether that is paid for. */
const outcomes = {
  drawn: { says: drawn, paid: 1 },
  busy: { says: { outcome: "not_paid", error: new Throttled("busy") }, paid: 0 },
  filtered: { says: { outcome: "filtered" }, paid: 0 },
  unknown: { says: { outcome: "unknown", why: "TimeoutError" }, paid: 1 },
} as const satisfies Record<string, { says: DrawOutcome; paid: number }>;

/** One delivery of the message: what the model says, where the sandbox dies, and how long each of its steps takes. */
const delivery = fc.record({
  outcome: fc.constantFrom("drawn", "drawn", "busy", "filtered", "unknown"),
  /** Before or after which of its steps; none: it lives. */
  dies: fc.option(fc.record({ step: fc.nat(6), after: fc.boolean() }), { nil: undefined }),
  /** Milliseconds. */
  steps: fc.array(fc.constantFrom(0, 5, 900, 20_000), { minLength: 1, maxLength: 4 }),
  receives: fc.integer({ min: 1, max: 3 }),
});

type Delivery = typeof delivery extends fc.Arbitrary<infer Of> ? Of : never;

/** Deliveries side by side, and what passes before them. */
const wave = fc.record({
  deliveries: fc.array(delivery, { minLength: 1, maxLength: 3 }),
  /** Milliseconds: at once, while others may live, after a claim, after the message's visibility, after it counts as lost. */
  before: fc.constantFrom(0, 1000, 61_000, 300_000, 61 * 60_000),
  asksStatus: fc.boolean(),
});

test("wherever deliveries break off, in whatever order and however often they come: paid once at most, and it stays as it ends", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wave, { minLength: 1, maxLength: 4 }), fc.scheduler(), async (waves, turns) => {
      const studio = new Studio();
      let payments = 0;
      const take = async (each: Delivery) => {
        const began = studio.now;
        let step = 0;
        /** One thing that the sandbox does to the world outside. */
        const does = async <Done>(act: () => Done | Promise<Done>): Promise<Done> => {
          const at = step++;
          await turns.schedule(Promise.resolve());
          studio.now += each.steps[at % each.steps.length] ?? 0;
          const late = studio.now - began > FUNCTION_MS;
          if (late || (each.dies && (at > each.dies.step || (at === each.dies.step && !each.dies.after))))
            throw new Gone();
          const done = await act();
          if (at === each.dies?.step) throw new Gone();
          return done;
        };
        const { records, images, ...ports } = studio.ports;
        await generateImage(ID, each.receives, {
          ...ports,
          records: {
            create: (...given) => does(() => records.create(...given)),
            find: (...given) => does(() => records.find(...given)),
            claim: (...given) => does(() => records.claim(...given)),
            asking: (...given) => does(() => records.asking(...given)),
            notPaid: (...given) => does(() => records.notPaid(...given)),
            complete: (...given) => does(() => records.complete(...given)),
            fail: (...given) => does(() => records.fail(...given)),
          },
          images: {
            put: (...given) => does(() => images.put(...given)),
            find: (...given) => does(() => images.find(...given)),
          },
          model: {
            draw: () =>
              does(() => {
                payments += outcomes[each.outcome].paid;
                return outcomes[each.outcome].says;
              }),
          },
        }).catch((error: unknown) => {
          // Whatever has a name of ours brings the message back.
          if (!(error instanceof Gone || error instanceof NamedError)) throw error;
        });
      };

      let calledOff = false;
      for (const { deliveries, before, asksStatus } of waves) {
        studio.now += before;
        if (asksStatus) {
          const pending = studio.record?.status === "pending";
          const shown = await imageStatus(
            { records: studio.records, lostMinutes: 60, now: () => new Date(studio.now) },
            { subject: "ana", person: true },
            ID,
          );
          calledOff ||= pending && shown?.status === "failed";
          // Whose model was asked may be paid, and is not called lost.
          if (calledOff && payments > 0) expect(shown).not.toMatchObject({ error: "lost" });
        }
        const all = Promise.all(deliveries.map(take));
        await turns.waitFor(all);
      }
      const clean: Delivery = { outcome: "drawn", dies: undefined, steps: [0], receives: 1 };
      for (const _ of [1, 2]) {
        studio.now += 300_000;
        await turns.waitFor(take(clean));
      }
      const ended = structuredClone(studio.record);
      const paid = payments;
      studio.now += 300_000;
      await turns.waitFor(take({ ...clean, receives: 3 }));

      expect(payments).toBeLessThanOrEqual(1);
      expect(ended?.status).not.toBe("pending");
      expect([studio.record, payments]).toEqual([ended, paid]);
      const lies = studio.pictures.all.has(KEY);
      // Nothing that was stored is lost, unless it was called off before anybody looked for it.
      if (!calledOff) expect(lies).toBe(ended?.status === "completed");
      if (ended?.status === "completed") expect(payments).toBe(1);
    }),
    { numRuns: 500 },
  );
});
