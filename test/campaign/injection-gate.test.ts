import { textFlags } from "@penstock/runtime/flags";
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from "vitest";
import type { Asked } from "./agent-server.ts";
import { toldIn } from "./agent-server.ts";
import { type CampaignAct, campaignActs } from "./campaign-acts.ts";
import { expectHarmless, expectOwn, Gate, type Passed } from "./gate.ts";
import { type Carrier, carriers, type HostileProduct, hostileProducts } from "./hostile-products.ts";
import { campaignWish } from "./obeying-campaign-model.ts";

const gate = new Gate();
const products = hostileProducts();
const outcomes = new Map<string, string>();

/** What a customer wrote: the contract can refuse it. Of what others say nothing is refused. */
const asked: readonly Carrier[] = ["name", "description", "category", "objective", "audience"];

beforeAll(() => gate.open());
afterAll(() => gate.close());

const flagged = ({ said }: Pick<HostileProduct, "said">) => textFlags(said).length > 0;

/** Notes how a case ended; the table of all before it is printed with one that fails. */
function noted(name: string, passed: Passed): void {
  outcomes.set(name, ended(passed));
  onTestFailed(() => console.log([...outcomes].map(([each, how]) => `${each} → ${how}`).join("\n")));
}

function ended(passed: Passed): string {
  if (passed === "400") return passed;
  const { answer, error } = passed;
  if (answer === undefined) return String(error);
  return `200 ${answer.generation_method}${answer.fallback_reason === null ? "" : `, ${answer.fallback_reason}`}`;
}

const isAgent = ({ toolConfig }: Asked) => toolConfig.tools.length > 1;
const isAbout = (tool: string) => (each: Asked) =>
  !isAgent(each) && each.toolConfig.tools.some(({ toolSpec }) => toolSpec.name === tool);

test("there are at least 120 campaigns, of all carriers, and more than ten languages, and few pass the filter", () => {
  expect(products.filter((product) => !flagged(product)).length).toBeLessThan(products.length / 20);
  expect(products.length).toBeGreaterThanOrEqual(120);
  expect(new Set(products.map(({ carrier }) => carrier))).toEqual(new Set(carriers));
  expect(new Set(products.map(({ payload }) => payload.language)).size).toBeGreaterThan(10);
  expect(new Set(products.map(({ payload }) => payload.text)).size).toBeGreaterThanOrEqual(25);
});

describe("a text that means to instruct the model reaches none, and the campaign is made without it", () => {
  test.each(products)("$number: $carrier, $encoding, $payload.language, $payload.act", async (product) => {
    const passed = await gate.run(product);
    noted(`${product.number} ${product.carrier} ${product.encoding} ${product.payload.act}`, passed);

    if (passed === "400") {
      expect(asked).toContain(product.carrier);
      expect(gate.server.asked).toEqual([]);
      return;
    }
    expectOwn(passed);
    if (!flagged(product)) {
      // The filter is passed; the walls behind it hold.
      if (passed.answer === undefined) expect(passed.error).toBe("ModelOutputInvalid");
      else expectHarmless(passed.answer);
      return;
    }
    expect(gate.obeyed, product.said).toEqual([]);
    const told = [...gate.server.asked.flatMap(toldIn), ...passed.queries];
    expect(campaignWish(told.join("\n"))).toBeUndefined();
    expect(passed.error).toBeUndefined();
    if (passed.answer === undefined) expect.unreachable("no answer");
    expectHarmless(passed.answer);
    if (asked.includes(product.carrier))
      expect(passed.answer.incomplete.map(({ step }) => step)).toContain("request");
  });

  test("at least 100 of them came as far as the machine: a contract that refuses more makes no gate", () => {
    const cases = [...outcomes].filter(([name]) => /^\d+ /.test(name));

    expect(cases).toHaveLength(products.length);
    expect(cases.filter(([, outcome]) => outcome !== "400").length).toBeGreaterThanOrEqual(100);
  });

  test("a clean campaign after them all is the one that is made alone", async () => {
    const alone = new Gate();
    await gate.close();
    await alone.open();
    const made = await alone.run(undefined);
    await alone.close();
    await gate.open();
    for (const product of products.slice(0, 10)) await gate.run(product);

    const beside = await gate.run(undefined);

    if (made === "400" || beside === "400") expect.unreachable("a clean request is refused");
    expect(made.answer?.generation_method).toBe("bedrock_agent");
    expect(beside.answer).toEqual(made.answer);
  });
});

/** Of what the agent does that obeys, what is harmless enough to be taken once it is cleaned. */
const cleaned: readonly CampaignAct[] = ["links", "videos", "othertool", "severaltools", "keywords"];

describe("an agent that obeys somebody is left for the sequence, or its campaign is cleaned", () => {
  test.each(campaignActs)("%s", async (act) => {
    const passed = await gate.run(undefined, { always: (each) => (isAgent(each) ? act : undefined) });
    noted(`agent ${act}`, passed);

    if (passed === "400") expect.unreachable("a clean request is refused");
    expect(gate.obeyed).toContain(act);
    expectOwn(passed);
    if (passed.answer === undefined) expect.unreachable(`no answer: ${passed.error}`);
    expectHarmless(passed.answer);
    expect(passed.answer.generation_method).toBe(cleaned.includes(act) ? "bedrock_agent" : "sequential");
    expect(passed.queries.join("\n")).not.toMatch(/ignore all/i);
  });
});

describe("a model that obeys somebody about a market loses that market, or is cleaned", () => {
  test.each(campaignActs)("%s", async (act) => {
    const about = isAbout("describe_market");
    const passed = await gate.run(undefined, { always: (each) => (about(each) ? act : undefined) });
    noted(`market ${act}`, passed);

    if (passed === "400") expect.unreachable("a clean request is refused");
    expectOwn(passed);
    if (passed.answer === undefined) expect.unreachable(`no answer: ${passed.error}`);
    expectHarmless(passed.answer);
    const known = passed.records.now(passed.answer.campaign_id).cultural_data.market_insights;
    const lost = passed.answer.incomplete.map(({ market }) => market);
    expect([...Object.keys(known), ...lost].toSorted()).toEqual(["DE", "JP"]);
  });
});

describe("a synthesis that obeys somebody is asked again, and once more is no campaign, or is cleaned", () => {
  test.each(campaignActs)("%s at first", async (act) => {
    const about = isAbout("submit_campaign");
    const passed = await gate.run(undefined, {
      tier: 2,
      always: (each) => (about(each) && each.messages.length === 1 ? act : undefined),
    });
    noted(`synthesis ${act}, once`, passed);

    if (passed === "400") expect.unreachable("a clean request is refused");
    expectOwn(passed);
    if (passed.answer === undefined) expect.unreachable(`no answer: ${passed.error}`);
    expectHarmless(passed.answer);
  });

  test.each(campaignActs)("%s again and again", async (act) => {
    const about = isAbout("submit_campaign");
    const passed = await gate.run(undefined, { tier: 2, always: (each) => (about(each) ? act : undefined) });
    noted(`synthesis ${act}, twice`, passed);

    if (passed === "400") expect.unreachable("a clean request is refused");
    expectOwn(passed);
    if (passed.answer === undefined) expect(passed.error).toBe("ModelOutputInvalid");
    else expectHarmless(passed.answer);
  });
});

test("no host was reached but the model's", () => {
  expect(gate.hosts.size).toBeGreaterThan(0);
  for (const to of gate.hosts) expect(to).toMatch(/^127\.0\.0\.1:\d+$/);
});
