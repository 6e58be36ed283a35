import { type AskedMarket, type CampaignFacts, cut } from "./campaign-facts.ts";

/** Platforms as campaigns name them, which is also how people write them in small letters. */
const PLATFORMS = new Set([
  "instagram",
  "tiktok",
  "youtube",
  "facebook",
  "x",
  "pinterest",
  "linkedin",
  "whatsapp",
  "line",
  "wechat",
  "email",
  "blog",
]);
/** Where nothing is known of a market. */
const EVERYWHERE = ["instagram", "youtube"];

/** Code points of a product's name that a text repeats. */
const NAME = 60;

/** What an idea is made of. */
interface Setting {
  readonly name: string;
  readonly place: string;
  /** How it looks: `Red, Plain Background`. */
  readonly look: string;
  readonly liked: string;
  readonly videos: readonly string[];
}

type Idea = {
  readonly format: "video" | "image" | "carousel" | "story" | "text";
  readonly title: (setting: Setting) => string;
  readonly description: (setting: Setting) => string;
};

/** The ideas that these rules have, which go round. */
const ideas: readonly [Idea, ...Idea[]] = [
  {
    format: "video",
    title: ({ name, place }) => `A day with ${name} in ${place}`,
    description: ({ name, liked, videos }) =>
      `A short film follows somebody who uses ${name} from morning to evening.${liked}${videos.length === 0 ? "" : " It has the pace of the videos that are watched most."}`,
  },
  {
    format: "carousel",
    title: ({ name, place }) => `${name} from all sides, for ${place}`,
    description: ({ name, look }) =>
      `Five pictures turn around ${name} and come closer with each one.${look}`,
  },
  {
    format: "story",
    title: ({ name, place }) => `Which one is yours? ${name} in ${place}`,
    description: ({ name, liked }) =>
      `Viewers choose between two ways to use ${name}, and see the next day what others chose.${liked}`,
  },
  {
    format: "image",
    title: ({ name, place }) => `${name}, one picture, ${place}`,
    description: ({ name, look }) => `One calm picture of ${name} with a single short line under it.${look}`,
  },
  {
    format: "text",
    title: ({ name, place }) => `What people in ${place} ask about ${name}`,
    description: ({ name, liked }) => `Short answers to what buyers want to know about ${name}.${liked}`,
  },
];

/** Ideas for each market, so that there are three at least and twelve at most. */
const IDEAS_OF_ONE = 3;
const IDEAS = 2;
/** Campaigns for each market: one for each of the first objectives. */
const OBJECTIVES = 2;

/** A whole campaign of what is known, the same for the same facts: the form `submit_campaign`. */
export function campaignDraft(facts: CampaignFacts) {
  const { markets } = facts;
  const perMarket = markets.length === 1 ? IDEAS_OF_ONE : IDEAS;
  return {
    content_ideas: markets.flatMap((market, at) =>
      Array.from({ length: perMarket }, (_, nth) => contentIdea(facts, market, at + nth)),
    ),
    campaigns: markets.flatMap((market) =>
      facts.objectives
        .slice(0, OBJECTIVES)
        .map((objective, at) => plannedCampaign(facts, market, objective, at)),
    ),
    images: images(facts),
  };
}

function contentIdea(facts: CampaignFacts, market: AskedMarket, number: number) {
  const { code, name: place } = market;
  const setting: Setting = {
    name: cut(facts.product, NAME),
    place,
    look:
      facts.labels.length === 0
        ? ""
        : ` What is seen first: ${cut(facts.labels.slice(0, 3).join(", "), 200)}.`,
    liked: sentence("What counts there", facts.insights.get(code)?.preferences[0]),
    videos: facts.videos.slice(0, 2),
  };
  const idea = ideas[number % ideas.length] ?? ideas[0];
  const channels = channelsOf(facts, market);
  return {
    title: cut(idea.title(setting), 120),
    description: cut(idea.description(setting), 600),
    market: code,
    platform: channels[number % channels.length],
    format: idea.format,
    video_ids: idea.format === "video" ? setting.videos : [],
  };
}

function plannedCampaign(facts: CampaignFacts, market: AskedMarket, objective: string, at: number) {
  const { code, name: place } = market;
  const name = cut(facts.product, NAME);
  const [kind] = facts.insights.get(code)?.contentTypes ?? [];
  return {
    name: cut(`${name} in ${place}: ${cut(objective, 40)}`, 120),
    market: code,
    objective: at + 1,
    audience: cut(
      facts.audience ?? `People in ${place} who look for ${facts.category ?? "something like it"}`,
      300,
    ),
    message: cut(`${name}, made for everyday life in ${place}.${sentence("It is shown as", kind)}`, 400),
    channels: channelsOf(facts, market).slice(0, 3),
    calls_to_action: ["See it closer", "Find yours"],
    weeks: 4 + 2 * at,
    kpis: [`People reached in ${place}`, "Share of viewers who stay to the end", "Visits to the product"],
  };
}

function images({ product, labels, markets }: CampaignFacts) {
  const name = cut(product, 200);
  const look = labels.length === 0 ? "" : `, ${cut(labels.slice(0, 3).join(", ").toLowerCase(), 200)}`;
  const places = markets.map((market) => market.name).join(" and ");
  return [
    {
      prompt: `${name} on a plain surface in soft daylight${look}`,
      style: "photographic",
      aspect_ratio: "1:1",
      purpose: "The first picture of the carousel",
    },
    {
      prompt: `${name} on a table in a bright room, friends around it${look}`,
      style: "illustration",
      aspect_ratio: "16:9",
      purpose: cut(`A wide picture for ${places}`, 120),
    },
  ];
}

function channelsOf({ insights }: CampaignFacts, { code }: AskedMarket): string[] {
  const named = insights.get(code)?.platforms.map((platform) => platform.toLowerCase()) ?? [];
  const known = [...new Set(named)].filter((platform) => PLATFORMS.has(platform));
  return known.length === 0 ? EVERYWHERE : known;
}

/** ` What counts there: clear facts.`; nothing where nothing is known. */
function sentence(says: string, what: string | undefined): string {
  return what === undefined ? "" : ` ${says}: ${cut(what, 120)}.`;
}
