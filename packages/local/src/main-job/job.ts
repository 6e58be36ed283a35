import { contracts } from "@penstock/contracts";
import { expectedCounts, type TableCounts } from "../sample/ledger.ts";
import { type Account, countedTables, type Reported } from "./account.ts";
import { balances, type Check } from "./balance.ts";
import { campaignChecks } from "./campaign/campaign-checks.ts";
import { type SampleCampaigns, sampleCampaigns } from "./campaign/sample-campaigns.ts";
import { collect } from "./collect.ts";
import { dnaChecks } from "./dna/dna-checks.ts";
import { type SampleDna, sampleDna, sendSampleExports } from "./dna/sample-dna.ts";
import {
  type ExecutionFacts,
  executionsByObject,
  executionsEnded,
  listExecutions,
  queuesEmpty,
} from "./executions.ts";
import { featureChecks } from "./features/feature-checks.ts";
import { type SampleFeatures, sampleFeatures } from "./features/sample-features.ts";
import { askedFor, findings } from "./findings.ts";
import { type Input, prepareInput } from "./input.ts";
import { rawPlace } from "./places.ts";
import { askCopilot } from "./prod/ask-copilot.ts";
import type { Prod } from "./prod/prod.ts";
import { prodChecks, prodRuns } from "./prod/prod-checks.ts";
import { readProd } from "./prod/read-prod.ts";
import { followProgress } from "./progress.ts";
import type { Report, TableLine } from "./report.ts";
import type { Run } from "./run.ts";
import { securityCheck } from "./security.ts";
import { reconcileByHand, settle } from "./settle.ts";
import { upload } from "./upload.ts";

/** What the main job found: of the lake, of prod, and of clicks, exports and campaigns where there are some. */
export type Result = Report & { readonly prod: Prod; readonly planted: PlantedRuns | undefined };

/** What was made of what only the sample has. */
export interface PlantedRuns {
  readonly features: SampleFeatures;
  readonly dna: SampleDna;
  readonly campaigns: SampleCampaigns;
}

/**
 * The main job, step by step: make or find the input, upload it, let the events drive the executions, reconcile, compute
 * features of the sample's clicks while its people's exports are read, make campaigns, ask the copilot, and account for every row
 * from the objects that were written.
 */
export async function mainJob(run: Run): Promise<Result> {
  const { options, cloud, screen, workDirectory } = run;
  const began = Date.now();
  const lost: string[] = [];
  cloud.on("lost", ({ rule, target, reason }) => void lost.push(`${rule} → ${target}: ${reason}`));

  const progress = followProgress(cloud, screen, began);
  try {
    progress.phase(options.origin.kind === "sample" ? "Planning the sample" : "Reading the folder");
    const input = await prepareInput(options.origin, workDirectory, new Date(began));
    await upload(run, input, progress);
    progress.phase("Waiting for the executions");
    await settle(run);
    progress.phase("Reconciling once more by hand");
    const byHand = await reconcileByHand(run);
    const planted = await plantedRuns(run, input, (phase) => progress.phase(phase));
    progress.phase("Checking what was written");
    const executions = await listExecutions(run);
    const prod = {
      ...(await readProd({ ...run, places: run.prod, directory: workDirectory })),
      asked: await askCopilot(cloud, run.signal),
    };
    const ended = [byHand, executionsEnded(executions), await queuesEmpty(run), delivered(lost)];
    const written = await collect({
      ...run,
      directory: workDirectory,
      asked: askedFor(input.planted?.ledger ?? []),
      secrets: input.planted?.secrets,
    });
    const report = reportOf(input, executions, written, ended);
    return {
      ...report,
      checks: [
        ...report.checks,
        ...prodChecks(prod, written.account, prodRuns(executions)),
        ...(planted === undefined
          ? []
          : [
              ...featureChecks(planted.features),
              ...dnaChecks(planted.dna),
              ...campaignChecks(planted.campaigns),
            ]),
      ],
      prod,
      planted,
    };
  } finally {
    progress.stop();
  }
}

/** Data of one's own come without clicks, exports and products. */
async function plantedRuns(
  run: Run,
  { planted }: Input,
  phase: (name: string) => void,
): Promise<PlantedRuns | undefined> {
  if (planted === undefined) return undefined;
  const { seed } = run.options;
  phase("Uploading exports");
  const sent = await sendSampleExports(run, seed);
  phase("Computing features");
  const features = await sampleFeatures(run, { seed, shop: planted.shop });
  phase("Waiting for exports and personas");
  const dna = await sampleDna(run, sent);
  // By itself: the agent has seconds, which other work on few processors would take from it.
  phase("Making campaigns and pictures");
  return { features, dna, campaigns: await sampleCampaigns(run) };
}

function delivered(lost: readonly string[]): Check {
  return {
    name: "events",
    holds: lost.length === 0,
    detail: lost.length === 0 ? "all delivered" : lost.join("; "),
  };
}

/** Makes the report from what was read: `executions` and the checks on them in `ended`, all else from the objects. */
export function reportOf(
  { planted }: Input,
  executions: readonly ExecutionFacts[],
  { account, reported }: { account: Account; reported: Reported },
  ended: readonly Check[],
): Report {
  const tables = Object.keys(contracts);
  const counted = countedTables(account, tables);
  const expected =
    planted === undefined
      ? undefined
      : new Map(
          tables.map((table) => [table, expectedCounts(planted.ledger, table, planted.rows.get(table) ?? 0)]),
        );
  const found =
    planted === undefined
      ? []
      : findings(planted.ledger, planted.masked(), account, executionsByObject(executions));
  return {
    lines: tables.flatMap((table) => line(table, counted.get(table), reported, executions)),
    refused: account.refused,
    findings: found,
    violations: violationsByRule(account),
    checks: [
      ...balances({ account, reported, counted, expected }),
      ...ended,
      securityCheck(account, planted?.secrets),
    ],
  };
}

/** A table's line of the report; none for a table of which nothing came. */
function line(
  table: string,
  counts: TableCounts | undefined,
  reported: Reported,
  executions: readonly ExecutionFacts[],
): TableLine[] {
  const own = executions.filter(({ key }) => key !== undefined && rawPlace(key)?.table === table);
  if (counts === undefined || own.length === 0) return [];
  const seconds =
    (Math.max(...own.map(({ ended }) => ended)) - Math.min(...own.map(({ started }) => started))) / 1000;
  return [{ table, ...counts, masked: reported.masked.get(table) ?? 0, seconds }];
}

function violationsByRule({ violations }: Account): Map<string, number> {
  const counts = new Map<string, number>();
  for (const violation of violations) {
    const rule = violation.slice(0, violation.indexOf("/"));
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}
