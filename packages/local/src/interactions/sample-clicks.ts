import { draws } from "../sample/random.ts";
import { clickstream, type Shop } from "./clickstream.ts";
import type { Interaction } from "./interaction.ts";

/** An object of JSON lines for the bucket of interactions. */
export interface ClickObject {
  readonly key: string;
  readonly lines: readonly string[];
}

/** What was planted in the sample's clicks, to be found again. */
export interface PlantedClicks {
  /** Lines that are no interaction: broken JSON, or a value that no contract allows. */
  readonly rejected: number;
  /** Interactions that repeat another one. */
  readonly duplicates: number;
  /** All that the machine among the users did. */
  readonly bots: number;
  /** Interactions of the day before the last that arrive after that day's run. */
  readonly late: number;
}

/** The clicks of a sample: some days before the last one, the last one, and what comes late. */
export interface SampleClicks {
  /** Last day of `history`, and the day of `lastDay`, `YYYY-MM-DD`. */
  readonly historyEnds: string;
  readonly day: string;
  readonly history: readonly ClickObject[];
  /** The last day. */
  readonly lastDay: readonly ClickObject[];
  /** What a shop sends one by one instead of by the file: the first of the last day, and all that is late of the one before. */
  readonly sent: readonly Interaction[];
  readonly planted: PlantedClicks;
  /** Lines of all objects together, and of all that is sent. */
  readonly lines: number;
}

const DAY = 86_400_000;
const DAYS = 8;
const LATE = 7;
const SENT = 40;
const DUPLICATES = 5;
/** More views in one minute than any person makes. */
const BOT_VIEWS = 300;
/** A test number that passes Luhn's check, where nobody looks for one: it must not leave the raw zone. */
const CARD = "4111 1111 1111 1111";

/** The clicks of the sample's people, up to and with the day before `until` (milliseconds since 1970, midnight UTC). */
export function sampleClicks(options: {
  readonly seed: number;
  readonly shop: Shop;
  readonly interactions: number;
  readonly until: number;
}): SampleClicks {
  const { seed, shop, interactions, until } = options;
  const from = until - DAYS * DAY;
  const stream = clickstream({ seed, shop, from, days: DAYS, interactions });
  const days = Array.from({ length: DAYS }, (_, index) => stream.day(index));
  const before = days.at(-2) ?? [];
  const late = before.splice(0, LATE);
  // Who comes least of all does nothing else on that day.
  const machine = shop.users.at(-1) ?? "";
  const last = (days.at(-1) ?? []).filter(({ user_id }) => user_id !== machine);
  const draw = draws(seed, "planted clicks");
  const again = draw.shuffled(last).slice(0, DUPLICATES);
  const bot = botViews(shop, machine, until - DAY);
  const broken = brokenLines(last[0]);
  const object = (index: number, name: string, lines: readonly string[]): ClickObject => {
    const [year, month, day] = dayOf(from + index * DAY).split("-");
    return { key: `interactions/year=${year}/month=${month}/day=${day}/${name}.jsonl`, lines };
  };
  const written = (events: readonly Interaction[]) => events.map((event) => JSON.stringify(event));
  const history = days.slice(0, -1).map((events, index) => object(index, "clicks-0", written(events)));
  const sent = [...late, ...last.splice(0, SENT - late.length)];
  const lastDay = [object(DAYS - 1, "clicks-0", [...written([...last, ...again, ...bot]), ...broken])];
  return {
    historyEnds: dayOf(until - 2 * DAY),
    day: dayOf(until - DAY),
    history,
    lastDay,
    sent,
    planted: { rejected: broken.length, duplicates: again.length, bots: bot.length, late: late.length },
    lines: [...history, ...lastDay].reduce((sum, { lines }) => sum + lines.length, sent.length),
  };
}

/** Somebody who did nothing else on that day looks at everything within a minute. */
function botViews(shop: Shop, user_id: string, midnight: number): Interaction[] {
  return Array.from({ length: BOT_VIEWS }, (_, place) => ({
    interaction_id: `int_bot_${place}`,
    user_id,
    product_id: shop.products[place % shop.products.length]?.product_id ?? "",
    interaction_type: "view",
    timestamp: new Date(midnight + 3 * 3_600_000 + place * 150).toISOString(),
    session_id: "sess_bot",
    rating: null,
    device_type: "desktop",
    page_context: "search",
  }));
}

function brokenLines(right: Interaction | undefined): string[] {
  const line = JSON.stringify(right);
  const changed = (fields: object) => JSON.stringify({ ...right, interaction_id: "int_broken", ...fields });
  return [
    line.slice(0, -20),
    `not JSON, and a card in it: ${CARD}`,
    changed({ interaction_type: "teleport" }),
    changed({ rating: 11 }),
    changed({ user_id: null }),
  ];
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
