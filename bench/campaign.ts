import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CampaignState } from "@penstock/contracts";
import { bootCloud, type Cloud } from "../packages/local/src/cloud/index.ts";
import { answered } from "../packages/local/src/main-job/answered.ts";
import { personCaller } from "../packages/local/src/main-job/call-api.ts";
import { cupPicture } from "../packages/local/src/main-job/campaign/cup-picture.ts";
import { renderProgram } from "../packages/local/src/render/index.ts";

/** Seconds that half of the campaigns of a tier take at most: what the project promises, with {@link DELAYS}. */
const BAR = 15;
/** What the services take that look, search and write. */
const DELAYS = { labelsMs: 1000, youtubeMs: 600, modelMs: 4000 };
/**
 * Functions that run at once: as on AWS, all that a campaign has side by side. The local cloud runs as many as there are processors
 * unless it is told, and here most of them only wait for a service.
 */
const FUNCTIONS_AT_ONCE = 8;
/** Campaigns of a tier before those that are measured: functions start, tables are first read. */
const WARM_UP = 2;
const TIERS = [1, 2] as const;

/** A campaign as who asked for it saw it. */
interface Asked {
  /** From the request to its answer. */
  readonly seconds: number;
  /** 200 where it was made by then. */
  readonly status: number;
  /** Who made it, and why it was not the agent; what else it was where it was not made. */
  readonly method: string;
}

const { values } = parseArgs({
  options: { json: { type: "string" }, campaigns: { type: "string", default: "20" } },
});
const campaigns = Number(values.campaigns);
if (!Number.isInteger(campaigns) || campaigns < 1) {
  console.error("Say how many campaigns of each tier: --campaigns N, at least 1.");
  process.exit(2);
}

const root = fileURLToPath(new URL("..", import.meta.url));
const { signal } = new AbortController();
const data = (await cupPicture("#b3261e")).toString("base64");
const cloud = await bootCloud(await renderProgram({ root, stage: "local" }), {
  root,
  schedules: "hold",
  delays: DELAYS,
  functionsAtOnce: FUNCTIONS_AT_ONCE,
});
try {
  const tiers = [];
  for (const tier of TIERS) {
    for (let number = 1; number <= WARM_UP; number += 1) await asked(cloud, tier, `warm-${number}`);
    const all: Asked[] = [];
    for (let number = 1; number <= campaigns; number += 1) {
      const one = await asked(cloud, tier, String(number));
      console.log(
        `  tier ${tier}, ${number} of ${campaigns}: ${one.seconds.toFixed(1)} s, ${one.status}, ${one.method}`,
      );
      all.push(one);
    }
    tiers.push({ tier, ...summary(all) });
  }
  report(tiers);
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ delays: DELAYS, bar: BAR, tiers }, null, 2)}\n`);
} finally {
  await cloud.close();
}

/** Asks for a campaign in three markets, by somebody who has not asked before, for a product of which nothing is kept. */
async function asked({ httpApis }: Pick<Cloud, "httpApis">, tier: 1 | 2, name: string): Promise<Asked> {
  const call = await personCaller({ httpApis }, `bench-${tier}-${name}`, "penstock/campaigns", signal);
  const body = JSON.stringify({
    product: { name: `Stoneware cup ${tier} ${name}`, category: "Kitchen" },
    image: { content_type: "image/png", data },
    objectives: ["Become known"],
    target_markets: ["DE", "JP", "BR"],
    tier,
  });
  const began = performance.now();
  const response = await call("/api/campaign/tier-1", { method: "POST", body });
  const state = await answered(CampaignState, response, `the campaign ${name} of tier ${tier}`);
  const seconds = (performance.now() - began) / 1000;
  const method =
    state.status === "completed"
      ? [state.generation_method, ...(state.fallback_reason === null ? [] : [state.fallback_reason])].join(
          ", ",
        )
      : state.status;
  return { seconds, status: response.status, method };
}

function summary(all: readonly Asked[]) {
  const seconds = all.map((one) => one.seconds).toSorted((left, right) => left - right);
  const share = (part: number) => seconds[Math.ceil(seconds.length * part) - 1] ?? Number.POSITIVE_INFINITY;
  return {
    campaigns: all.length,
    p50: share(0.5),
    p90: share(0.9),
    max: share(1),
    in_time: all.filter(({ status }) => status === 200).length / all.length,
    methods: Object.fromEntries(
      [...Map.groupBy(all, ({ method }) => method)].map(([method, of]) => [method, of.length]),
    ),
  };
}

function report(tiers: readonly ({ readonly tier: number } & ReturnType<typeof summary>)[]): void {
  for (const { tier, p50, p90, max, in_time, methods } of tiers) {
    const times = [`p50 ${p50.toFixed(1)} s`, `p90 ${p90.toFixed(1)} s`, `max ${max.toFixed(1)} s`].join(
      ", ",
    );
    const made = Object.entries(methods).map(([method, count]) => `${method} ${count}`);
    console.log(`tier ${tier}: ${times}; ${Math.round(in_time * 100)} % answered 200; ${made.join("; ")}`);
    if (p50 <= BAR) continue;
    console.error(`Half of the campaigns of tier ${tier} take more than ${BAR} s.`);
    process.exitCode = 1;
  }
}
