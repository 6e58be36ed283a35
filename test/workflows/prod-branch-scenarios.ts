import { systems } from "@penstock/contracts";
import { branchState } from "../../workflows/curated-to-prod.ts";
import {
  all,
  answers,
  begin,
  branches,
  built,
  check,
  conditionFailed,
  counted,
  counts,
  crawl,
  crawler,
  end,
  found,
  inEach,
  look,
  machine,
  partialBuild,
  payload,
  well,
  wholeBuild,
} from "./prod-answers.ts";
import type { Scenario } from "./scenarios.ts";

const onlySystems = branches.filter((branch) => branch !== "Marts");
const names = (list: readonly string[]) =>
  ["marts", ...Object.keys(systems)].filter((system) => list.includes(branchState("", system)));
const partial = (failed: readonly string[]) => ({
  status: "PARTIAL",
  builds: 1,
  build: built.build,
  curated_rows: 10,
  failed: names(failed),
});

/** A task of every branch that has it fails: all go on to the end, each for itself. */
const failing = (state: string, path: readonly string[], of: readonly string[] = branches): Scenario => ({
  name: `branches whose ${state} fails say so, and the others go on`,
  machine,
  input: {},
  answers: { ...answers, ...Object.fromEntries(of.map((branch) => [state + branch, ["Lambda.Unheard"]])) },
  path: [...begin, ...partialBuild, ...end],
  branches: {
    ...well,
    ...Object.fromEntries(of.map((branch) => [branch, [...path, state, "Failed"]])),
    ...(of === branches && state !== "Current" && state !== "Analyse"
      ? { Marts: ["Take", ...path.slice(2), state, "Failed"] }
      : {}),
  },
  output: partial(of),
});
const before = ["Current", "Analyse"];

/** One execution for each path through the branches of `curated-to-prod`, which crawl, check and switch. */
export const prodBranchScenarios: readonly Scenario[] = [
  failing("Current", [], onlySystems),
  failing("Analyse", ["Current"], onlySystems),
  failing("Switch", before),
  failing("Crawl", [...before, "Switch"]),
  failing("LookAtCrawl", [...before, "Switch", "Crawl", "AwaitCrawl"]),
  failing("Check", [...before, "Switch", ...crawl]),
  failing("ReadCheck", [...before, "Switch", ...crawl, "Check"]),
  failing("Catalogue", [...before, "Switch", ...crawl, ...counts]),
  {
    name: "a check that runs out of time, which gives no cause, fails its branch only",
    machine,
    input: {},
    answers: { ...answers, CheckMarts: ["States.Timeout"] },
    path: [...begin, ...partialBuild, ...end],
    branches: { ...well, Marts: ["Take", "Switch", ...crawl, "Check", "Failed"] },
    output: partial(["Marts"]),
  },
  {
    name: "a build that another has replaced during its crawl is not what queries read",
    machine,
    input: {},
    answers: { ...answers, ...inEach("Catalogue", [conditionFailed]) },
    path: [...begin, ...wholeBuild, ...end],
    branches: all(...crawl, ...found, "Superseded"),
  },
  {
    name: "a build that is older than the current one does not take its place",
    machine,
    input: {},
    answers: { ...answers, ...inEach("Switch", [conditionFailed]) },
    path: [...begin, ...wholeBuild, ...end],
    branches: all("Superseded"),
    output: { status: "SUPERSEDED", builds: 1, build: built.build, curated_rows: 10, failed: [] },
  },
  {
    name: "a busy crawler is waited for and then crawls again, and a crawl is looked at until it has ended",
    machine,
    input: {},
    answers: {
      ...answers,
      ...inEach("Crawl", ["Glue.CrawlerRunningException", {}]),
      ...inEach("LookAtCrawl", [crawler("RUNNING"), crawler("STOPPING"), crawler("READY", "SUCCEEDED")]),
    },
    path: [...begin, ...wholeBuild, ...end],
    branches: all("Crawl", "Busy", "AwaitCrawler", ...crawl, ...look, ...look, ...found, "Published"),
  },
  {
    name: "a crawler that stays busy is given up after its tries",
    machine,
    input: {},
    answers: { ...answers, ...inEach("Crawl", ["Glue.CrawlerRunningException"]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all(
      ...Array.from({ length: 39 }, () => ["Crawl", "Busy", "AwaitCrawler"]).flat(),
      ...["Crawl", "Busy", "Failed"],
    ),
    output: partial(branches),
  },
  {
    name: "a crawl that does not end is given up after its looks",
    machine,
    input: {},
    answers: { ...answers, ...inEach("LookAtCrawl", [crawler("RUNNING", "SUCCEEDED")]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all("Crawl", ...Array.from({ length: 40 }, () => look).flat(), "Failed"),
    output: partial(branches),
  },
  {
    name: "a crawl that failed fails its branch",
    machine,
    input: {},
    answers: { ...answers, ...inEach("LookAtCrawl", [crawler("READY", "FAILED")]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all(...crawl, "Failed"),
    output: partial(branches),
  },
  {
    name: "rows that Athena does not find fail their branch",
    machine,
    input: {},
    answers: { ...answers, ...inEach("ReadCheck", [counted({ orders: "3", sales: "3" })]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all(...crawl, ...counts, "Failed"),
    output: partial(branches),
  },
  {
    name: "rows that Athena finds in another table than they were written to fail their branch: the sum is the same",
    machine,
    input: {},
    answers: { ...answers, ...inEach("ReadCheck", [counted({ orders: "4", sales: "3" })]) },
    path: [...begin, ...partialBuild, ...end],
    branches: all(...crawl, ...counts, "Failed"),
    output: partial(branches),
  },
  {
    name: "a system of one table is checked like one of several",
    machine,
    input: {},
    answers: {
      ...answers,
      AnalyseRetailCopilot: [payload({ check: { ...check, counts: "query_patterns=5", rows: "5" } })],
      ReadCheckRetailCopilot: [counted({ query_patterns: "5" })],
    },
    path: [...begin, ...wholeBuild, ...end],
    branches: well,
    output: { status: "SUCCEEDED", builds: 1, build: built.build, curated_rows: 10, failed: [] },
  },
];
