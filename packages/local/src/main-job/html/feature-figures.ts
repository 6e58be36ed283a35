import type { FeatureFacts, ProductFacts, ToldRun } from "../features/feature-facts.ts";
import { commonest, featuresOf, shortNumber } from "../features/feature-values.ts";
import { figure as digits, histogram, percent, quantile } from "../prod/figures.ts";
import { chart, colours, grid, sequenceAxis, valueAxis } from "./chart.ts";
import { columns, histogramTable, niceAbove } from "./columns.ts";
import { bars, notEnough } from "./market-figures.ts";
import type { Figure, Section } from "./page.ts";

/** Features whose drift is drawn: the others are in the table. */
const MOST = 10;

/** What the feature pipeline found: its days, its users and products, and how its features are and change. */
export function featureSection(facts: FeatureFacts): Section {
  return {
    title: "Features",
    figures: [
      daysFigure(facts),
      usersFigure(facts),
      productsFigure("popular", facts.popular),
      productsFigure("trending", facts.trending),
      driftFigure(facts),
      valuesFigure(facts.weekly),
    ],
  };
}

/** Lines and interactions of each day, as the run saw them that looked last. */
function daysFigure({ daily, weekly }: FeatureFacts): Figure {
  const runs = [weekly, ...daily].toSorted((a, b) => (a.planned_at < b.planned_at ? -1 : 1));
  const byDay = new Map(runs.flatMap((run) => run.days).map((day) => [day.day, day]));
  const days = [...byDay.values()].toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const { user, item } = weekly.rows;
  const rows = days.reduce((sum, day) => sum + day.rows, 0);
  const title = `${digits(rows)} interactions of ${days.length} days; ${digits(user)} users and ${digits(item)} products have features`;
  return {
    title,
    chart: columns(
      days.map(({ day }) => day),
      days.map((day) => day.rows),
      title,
    ),
    note: "Interactions by the day on which they happened (UTC), before cleaning.",
    table: {
      head: ["day", "lines", "rejected", "interactions"],
      rows: days.map(({ day, lines, rejected, rows: read }) => [day, ...[lines, rejected, read].map(digits)]),
    },
  };
}

function usersFigure({ interactions }: FeatureFacts): Figure {
  if (interactions.length === 0) return notEnough("Users", "Nobody has features.");
  const total = interactions.reduce((sum, count) => sum + count, 0);
  const top = interactions.slice(-Math.ceil(interactions.length / 10)).reduce((sum, count) => sum + count, 0);
  const bins = 20;
  // The few greatest would press all others into the first bar.
  const to = niceAbove(quantile(interactions, 0.98));
  const counts = histogram(interactions, 0, to, bins);
  const bounds = counts.map((_, bin) => digits((to / bins) * bin));
  const title = `Half of ${digits(interactions.length)} users made no more than ${digits(quantile(interactions, 0.5))} interactions; the busiest tenth made ${percent(top / total)} of all`;
  return {
    title,
    chart: columns(bounds, counts, title),
    note: "Users by their interactions. The last bar holds all above as well.",
    table: histogramTable("interactions from", bounds, counts, "users"),
  };
}

const lists = {
  popular: {
    about: "Popular products",
    none: "No product was viewed.",
    of: ({ popularity }: ProductFacts) => popularity,
    title: (name: string, value: string) => `${name} is viewed most: ${value} times a day`,
    note: "Views a day since the product's creation.",
  },
  trending: {
    about: "Trending products",
    none: "No product was viewed before the last days, which is what they are compared with.",
    of: ({ trending }: ProductFacts) => trending,
    title: (name: string, value: string) =>
      `${name} trends most: ${value} times as many views a day as before`,
    note: "Views a day in the last days per views a day before them; 1 is as before. A product that was hardly viewed before trends easily.",
  },
} as const;

function productsFigure(list: keyof typeof lists, products: readonly ProductFacts[]): Figure {
  const { about, none, of, title: titleOf, note } = lists[list];
  const [first] = products;
  if (first === undefined) return notEnough(about, none);
  const title = titleOf(first.name, shortNumber(of(first) ?? 0));
  return {
    title,
    chart: bars(
      products.map(({ name }) => name),
      [products.map((product) => ({ value: of(product) ?? 0, itemStyle: { color: colours.first } }))],
      shortNumber,
      title,
    ),
    note,
    table: {
      head: ["product", "views a day", "purchases per view", "times as many views"],
      rows: products.map(({ name, popularity, conversion, trending }) => [
        name,
        ...[popularity, conversion, trending].map((value) => (value === null ? "–" : shortNumber(value))),
      ]),
    },
  };
}

/** How far the latest run's features are from the baseline's; over the days, where there are some to compare. */
function driftFigure({ daily, weekly }: FeatureFacts): Figure {
  const compared = daily.filter(({ profile }) => profile.baseline !== null);
  const latest = compared.at(-1) ?? (weekly.profile.baseline === null ? undefined : weekly);
  if (latest === undefined)
    return notEnough(
      "Drift",
      "The next run of the same kind is the first that has something to compare with.",
    );
  const measured = featuresOf(latest.profile)
    .flatMap(({ name, profile: { state, drift } }) =>
      state === "absent" || drift === null ? [] : [{ name, ...drift }],
    )
    .toSorted((a, b) => b.psi - a.psi);
  const title = `${latest.drifted.length} of ${measured.length} features of ${latest.run_id} differ much from the baseline`;
  const shown = measured.slice(0, MOST);
  return {
    title,
    chart:
      compared.length > 2
        ? driftByDay(compared, title)
        : bars(
            shown.map(({ name }) => name),
            [
              shown.map(({ psi, drifted }) => ({
                value: psi,
                itemStyle: { color: drifted ? colours.second : colours.first },
              })),
            ],
            shortNumber,
            title,
          ),
    ...(compared.length > 2
      ? { note: "Features that differ much from the baseline, by day. The numbers are of the last day." }
      : {
          legend: [
            { colour: colours.second, text: "differs much, and more than by chance" },
            { colour: colours.first, text: "does not" },
          ],
          note: "Population stability index: below 0.1 little, from 0.25 on much.",
        }),
    table: {
      head: ["feature", "PSI", "by chance up to", "KS", "much"],
      rows: measured.map(({ name, psi, psi_chance, ks, drifted }) => [
        name,
        psi.toFixed(3),
        psi_chance.toFixed(3),
        ks === null ? "–" : ks.toFixed(3),
        drifted ? "yes" : "no",
      ]),
    },
  };
}

function driftByDay(runs: readonly ToldRun[], label: string): string {
  return chart(
    {
      grid,
      xAxis: sequenceAxis(runs.map(({ days }) => days.at(-1)?.day ?? "")),
      yAxis: valueAxis(digits, { minInterval: 1 }),
      series: [
        { type: "line", step: "middle", symbol: "none", data: runs.map(({ drifted }) => drifted.length) },
      ],
    },
    240,
    label,
  );
}

/** Every feature of a run in numbers. */
function valuesFigure(run: ToldRun): Figure {
  const features = featuresOf(run.profile).filter(({ profile }) => profile.state !== "absent");
  const { absent } = run;
  return {
    title: `${features.length} features of ${run.run_id}`,
    note: absent.length === 0 ? "" : `Absent, since the sources do not tell: ${absent.join(", ")}.`,
    table: {
      head: ["feature", "known", "least", "10 %", "median", "90 %", "greatest", "mean", "mostly"],
      rows: features.map(({ name, profile }) => [
        name,
        percent(1 - profile.share_null),
        ...[
          profile.least,
          profile.deciles[0],
          profile.deciles[4],
          profile.deciles[8],
          profile.greatest,
          profile.mean,
        ].map((value) => (value === undefined || value === null ? "–" : shortNumber(value))),
        profile.kind === "category" ? commonest(profile, 3) : "–",
      ]),
    },
  };
}
