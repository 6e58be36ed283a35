import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type CampaignAct, campaignActs, campaignMark } from "./campaign-acts.ts";
import { expectHarmless, expectOwn, Gate } from "./gate.ts";
import type { Carrier } from "./hostile-products.ts";

// Nothing is flagged: what is left are the walls behind.
vi.mock("@penstock/runtime/flags", () => ({ textFlags: () => [] }));

const gate = new Gate();
const obeyed = new Set<CampaignAct>();

beforeAll(() => gate.open());
afterAll(() => gate.close());

const places: readonly Carrier[] = [
  "description",
  "objective",
  "label name",
  "video title",
  "stored insight",
];
const cases = campaignActs.flatMap((act, at) =>
  [0, 2].map((step) => ({ act, carrier: places[(at + step) % places.length] ?? "description" })),
);

describe("were no text flagged, what an obeying model makes of it would be harmless, or nothing", () => {
  test.each(cases)("$act by the $carrier", async ({ act, carrier }) => {
    const said = `A fine thing. ${campaignMark(act)}`;

    const passed = await gate.run({ carrier, said });

    for (const each of gate.obeyed) obeyed.add(each);
    if (passed === "400") expect.unreachable("a request without anything to refuse");
    expectOwn(passed);
    if (passed.answer === undefined) expect(passed.error).toBe("ModelOutputInvalid");
    else expectHarmless(passed.answer);
  });

  test("and the model did all that it was told", () => {
    expect(obeyed).toEqual(new Set(campaignActs));
  });
});
