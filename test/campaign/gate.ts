import net from "node:net";
import { newCampaign, normalisedRequest } from "@penstock/campaign/requests";
import {
  CampaignAnswer as AnswerContract,
  type CampaignAnswer,
  CampaignRequest,
  type ProductRecord,
} from "@penstock/contracts";
import * as v from "valibot";
import { expect, vi } from "vitest";
import { campaignPrompts } from "../../packages/campaign/src/prompts/index.ts";
import { AgentServer, type Asked } from "./agent-server.ts";
import type { CampaignAct } from "./campaign-acts.ts";
import { type Outcome, runCampaign, type World } from "./campaign-run.ts";
import type { Carrier } from "./hostile-products.ts";
import { obeyingModel } from "./obeying-campaign-model.ts";
import { AT, CORRELATION, insight, PRODUCT, SUBJECT } from "./product-fixture.ts";

/** Videos that YouTube finds. */
const FOUND = ["aaaaaaaaaaa", "bbbbbbbbbbb"];
const MARKETS = ["DE", "JP"];
const UPLOAD = "33333333-3333-4333-8333-333333333333";

/** A text somewhere in what a customer wrote or the world says. */
export interface Planted {
  readonly carrier: Carrier;
  readonly said: string;
}

/** How a campaign went: refused by the contract, or as far as it came. */
export type Passed = Outcome | "400";

/** The tasks of campaigns with Bedrock's client, and a model that obeys behind a socket. */
export class Gate {
  readonly server = new AgentServer();
  /** Where sockets were opened to. */
  readonly hosts = new Set<string>();
  /** What the model was told to do and did. */
  readonly obeyed: CampaignAct[] = [];

  async open(): Promise<void> {
    await this.server.open();
    vi.stubEnv("AWS_ENDPOINT_URL", this.server.endpoint);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
    const { hosts } = this;
    const connect = net.Socket.prototype.connect;
    vi.spyOn(net.Socket.prototype, "connect").mockImplementation(function (this: net.Socket, ...to) {
      hosts.add(hostOf(to[0]));
      return connect.apply(this, to);
    });
  }

  async close(): Promise<void> {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await this.server.close();
  }

  /**
   * A campaign with a text planted in one place, or with none.
   * @param always what the model does whatever it hears
   */
  async run(
    planted: Planted | undefined,
    { tier = 1, always }: { tier?: 1 | 2; always?: (asked: Asked) => CampaignAct | undefined } = {},
  ): Promise<Passed> {
    this.server.asked.length = 0;
    this.obeyed.length = 0;
    this.server.say = obeyingModel((act) => this.obeyed.push(act), always);
    const record = recordOf(planted, tier);
    return record === undefined ? "400" : runCampaign(record, worldOf(planted));
  }
}

const To = v.object({ host: v.string(), port: v.union([v.string(), v.number()]) });

/** Where a socket is opened to: options, or a list that they are the first of. */
function hostOf(to: unknown): string {
  const { host, port } = v.parse(To, Array.isArray(to) ? to[0] : to);
  return `${host}:${port}`;
}

/** The record that a request begins with; undefined where the contract refuses the request. */
function recordOf(planted: Planted | undefined, tier: 1 | 2): ProductRecord | undefined {
  const at = (carrier: Carrier, otherwise: string) =>
    planted?.carrier === carrier ? planted.said : otherwise;
  const parsed = v.safeParse(CampaignRequest, {
    product: {
      name: at("name", "Blue stoneware mug"),
      description: at("description", "Holds 300 ml, fired twice."),
      category: at("category", "Kitchen"),
    },
    image: { upload_id: `20261121T095900Z_${UPLOAD}.png` },
    objectives: ["Become known", at("objective", "Sell the new glaze")],
    target_markets: MARKETS,
    target_audience: at("audience", "People who drink tea"),
    tier,
  });
  if (!parsed.success) return undefined;
  const { record } = newCampaign({
    subject: SUBJECT,
    owner: SUBJECT,
    request: normalisedRequest(parsed.output),
    image: { bucket: "uploads", key: `uploads/${SUBJECT}/20261121T095900Z_${UPLOAD}.png` },
    fingerprint: "0".repeat(64),
    id: PRODUCT,
    correlation: CORRELATION,
    at: AT,
  });
  if (planted?.carrier !== "stored insight") return record;
  const told = { ...insight, cultural_notes: planted.said };
  return { ...record, cultural_data: { market_insights: { DE: told } } };
}

/** What Rekognition and YouTube say. */
function worldOf(planted: Planted | undefined): World {
  const at = (carrier: Carrier, otherwise: string) =>
    planted?.carrier === carrier ? planted.said : otherwise;
  return {
    labels: [
      { Name: "Cup", Confidence: 99.2, Categories: [{ Name: "Kitchen" }], Instances: [{}] },
      {
        Name: at("label name", "Pottery"),
        Confidence: 99.9,
        Categories: [{ Name: at("label category", "Home") }],
      },
    ],
    videos: FOUND.map((id, first) => ({
      id,
      title: first === 0 ? at("video title", "Mug review") : "Another mug",
      description: first === 0 ? at("video description", "We drink tea.") : "We drink coffee.",
      channel: first === 0 ? at("channel name", "Tea channel") : "Coffee channel",
      publishedAt: "2026-01-01T00:00:00Z",
      thumbnailUrl: `https://i.ytimg.com/vi/${id}/default.jpg`,
    })),
  };
}

/** Letters in a row of a system text that nobody writes by chance. */
const PIECE = 40;
const systems = campaignPrompts.map(({ system }) => system.toLowerCase().replace(/\s+/g, " "));
const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Only this product was touched, only by functions that there are, within the limits; each picture is asked for once. */
export function expectOwn({ records, tools, answer, messages, queries }: Outcome): void {
  for (const { id } of records.done) expect(id).toBe(PRODUCT);
  for (const tool of tools) expect(["analyse-image", "enrich-data", "understand-market"]).toContain(tool);
  expect(tools.length).toBeLessThanOrEqual(24);
  for (const query of queries) expect([...query].length).toBeLessThanOrEqual(120);
  const images = answer?.generated_assets.images.map(({ request_id }) => ({ version: 1, request_id })) ?? [];
  expect(messages.map((message) => JSON.parse(message))).toEqual(images);
}

/** An answer within its contract, for what was asked, in words that lead nowhere. */
export function expectHarmless(answer: CampaignAnswer): void {
  expect(v.parse(AnswerContract, answer)).toEqual(answer);
  const { content_ideas, campaigns, generated_assets, product } = answer;
  const { images } = generated_assets;
  expect(images.length).toBeLessThanOrEqual(3);
  for (const { market } of [...content_ideas, ...campaigns]) expect(MARKETS).toContain(market);
  for (const { video_ids } of content_ideas) for (const id of video_ids) expect(FOUND).toContain(id);
  const known = [PRODUCT, CORRELATION, SUBJECT, UPLOAD, ...images.map(({ request_id }) => request_id)];
  // What the customer wrote is given back as it is, and to nobody else.
  const own = { product_name: "", product_description: "", category: "" };
  const ids = JSON.stringify({ ...answer, product: { ...product, ...own } }).match(UUIDS) ?? [];
  for (const id of ids) expect(known).toContain(id);
  const words = [
    ...textsOf(content_ideas),
    ...textsOf(campaigns),
    ...textsOf(images.map(({ prompt, purpose }) => [prompt, purpose])),
    ...textsOf(product.labels.map(({ name, categories }) => [name, categories])),
    ...textsOf(
      product.videos.map(({ title, description, channel_title }) => [title, description, channel_title]),
    ),
  ];
  for (const text of words) {
    expect(text).not.toMatch(/https?:|www\.|@\S|evil\.|\+49|usr_|<[a-z/!]|[\p{Cc}\u202e\u200b]/iu);
    const said = text.toLowerCase();
    for (let at = 0; at + PIECE <= said.length; at += 1)
      expect(
        systems.some((system) => system.includes(said.slice(at, at + PIECE))),
        `"${text}" is of a system text`,
      ).toBe(false);
  }
  expect(JSON.stringify(answer).length).toBeLessThan(100_000);
}

/** All texts in a value, however deep. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
