import { mkdir, readdir, rename, rmdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ClickSource } from "../interactions/source.ts";
import type { Check } from "../main-job/balance.ts";
import { type Photo, photosIn } from "../main-job/campaign/photos-folder.ts";
import { DataFolderUnusable, dataFiles } from "../main-job/data-folder.ts";
import type { ExportsFolder } from "../main-job/dna/folder-exports.ts";
import { type MainJobOptions, parseOptions, UsageError, usage } from "../main-job/options.ts";
import { faultsOf, renderFaults, renderNotes, renderTable } from "../main-job/report.ts";
import type { Run } from "../main-job/run.ts";
import { type Screen, screenOn } from "../main-job/screen.ts";

const root = resolve(import.meta.dirname, "../../../..");

/** What a shell reports for a process that an interrupt ended. */
const interruptedStatus = 130;

/**
 * `penstock start`: the main job on the local cloud, on the generated sample or a folder of one's own.
 *
 * @returns 0 when every balance holds, 1 when something is not as it should be, 2 for wrong arguments or a folder
 *   that cannot be used, 130 when interrupted
 */
export async function startCommand(args: string[]): Promise<number> {
  const screen = screenOn(process.stdout);
  try {
    const options = parseOptions(args);
    if (options.help) {
      screen.line(usage);
      return 0;
    }
    // Before a cloud is booted for nothing.
    if (options.origin.kind === "folder" && (await photosIn(options.origin.directory)).length === 0)
      await dataFiles(options.origin.directory);
    return await runUntilInterrupted(options, screen);
  } catch (error) {
    screen.clear();
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage}`);
      return 2;
    }
    if (!(error instanceof Error)) throw error;
    console.error(`${error.name}: ${error.message}`);
    return error instanceof DataFolderUnusable ? 2 : 1;
  }
}

async function runUntilInterrupted(options: MainJobOptions, screen: Screen): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    screen.line("Interrupted; closing the local cloud.");
    interruption.abort();
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    return await run(options, screen, interruption.signal);
  } catch (error) {
    // Whatever a step says when its cloud is being closed is nobody's news.
    if (interruption.signal.aborted) return interruptedStatus;
    throw error;
  } finally {
    process.removeListener("SIGINT", interrupt);
    process.removeListener("SIGTERM", interrupt);
  }
}

async function run(options: MainJobOptions, screen: Screen, signal: AbortSignal): Promise<number> {
  const began = Date.now();
  const keptDirectory = options.keep
    ? join(root, ".penstock", new Date().toISOString().replaceAll(":", "-"))
    : undefined;
  if (keptDirectory !== undefined) await mkdir(keptDirectory, { recursive: true });
  // Loaded only now: the SDK and the engines take seconds, and a wrong flag should be told at once.
  const { openRun } = await import("../main-job/run.ts");
  const opened = await openRun(options, screen, root, { keptDirectory, signal });
  try {
    return await report(opened, began, keptDirectory ?? join(root, ".penstock"));
  } finally {
    await opened.close();
    if (keptDirectory !== undefined) {
      screen.line(
        `The objects are under ${await settleKept(keptDirectory)}, a folder for each bucket; executions/ beside them has a file for each execution.`,
      );
    }
  }
}

async function report(opened: Run, began: number, directory: string): Promise<number> {
  const { screen, options } = opened;
  if (options.origin.kind === "folder") {
    const { clickSource } = await import("../interactions/import-source.ts");
    const source = await clickSource(resolve(options.origin.directory));
    if (source !== undefined) return reportClicks(opened, began, source, directory);
    const { exportsFolder } = await import("../main-job/dna/folder-exports.ts");
    const exports = await exportsFolder(resolve(options.origin.directory));
    if (exports !== undefined) return reportExports(opened, began, exports);
    const photos = await photosIn(resolve(options.origin.directory));
    if (photos.length > 0) return reportPhotos(opened, began, resolve(options.origin.directory), photos);
  }
  const { mainJob } = await import("../main-job/job.ts");
  const { renderCampaigns } = await import("../main-job/campaign/campaign-lines.ts");
  const { renderDna } = await import("../main-job/dna/dna-lines.ts");
  const { renderFeatures } = await import("../main-job/features/feature-lines.ts");
  const { renderProd } = await import("../main-job/prod/prod-lines.ts");
  const { renderProdPage } = await import("../main-job/html/prod-page.ts");
  const result = await mainJob(opened);
  screen.line("");
  screen.line(renderTable(result));
  screen.line("");
  for (const note of renderNotes(result)) screen.line(note);
  screen.line("");
  for (const said of renderProd(result.prod)) screen.line(said);
  if (result.planted !== undefined) {
    const { features, dna, campaigns } = result.planted;
    const lines = [...renderFeatures(features), ...renderDna(dna.people), ...renderCampaigns(campaigns)];
    for (const said of lines) screen.line(said);
  }
  const page = join(directory, "report.html");
  await mkdir(directory, { recursive: true });
  await writeFile(page, renderProdPage(result.prod, result.planted?.features.facts));
  screen.line(`The same with charts: ${page}`);
  const good = faultsOf(result).length === 0;
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  screen.line("");
  screen.line(
    good
      ? `All is as it should be, after ${seconds} s.`
      : `FAILED after ${seconds} s: ${renderFaults(result)}. Where, is said above.`,
  );
  return good ? 0 : 1;
}

/** A folder that is a clickstream has no orders: the feature pipeline runs on it, and nothing else. */
async function reportClicks(
  opened: Run,
  began: number,
  source: ClickSource,
  directory: string,
): Promise<number> {
  const { screen } = opened;
  const { folderFeatures } = await import("../main-job/features/folder-features.ts");
  const { renderFeaturePage } = await import("../main-job/html/prod-page.ts");
  const { checks, facts } = await folderFeatures(opened, source);
  const page = join(directory, "report.html");
  await mkdir(directory, { recursive: true });
  await writeFile(page, renderFeaturePage(source.title, facts));
  screen.line(`The same with charts: ${page}`);
  return reportChecks(opened, began, checks);
}

/** A folder that is a person's exports has no orders either: they are read, and nothing else is done. */
async function reportExports(opened: Run, began: number, exports: ExportsFolder): Promise<number> {
  const { folderExports } = await import("../main-job/dna/folder-exports.ts");
  return reportChecks(opened, began, await folderExports(opened, exports));
}

/** A folder of photos is one of products: a campaign is made for each, and nothing else is done. */
async function reportPhotos(
  opened: Run,
  began: number,
  directory: string,
  photos: readonly Photo[],
): Promise<number> {
  const { folderCampaigns } = await import("../main-job/campaign/folder-campaigns.ts");
  return reportChecks(opened, began, await folderCampaigns(opened, directory, photos));
}

function reportChecks({ screen }: Run, began: number, checks: readonly Check[]): number {
  for (const { name, holds, detail } of checks)
    screen.line(`  ${holds ? "ok  " : "NOT "} ${name}: ${detail}`);
  const faults = faultsOf({ findings: [], checks });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  screen.line(
    faults.length === 0
      ? `All is as it should be, after ${seconds} s.`
      : `FAILED after ${seconds} s: ${faults.join("; ")}.`,
  );
  return faults.length === 0 ? 0 : 1;
}

/** The cloud leaves objects under `s3/`; here they stand under the names of their buckets, logs beside them. */
async function settleKept(directory: string): Promise<string> {
  const objects = join(directory, "s3");
  for (const bucket of await readdir(objects).catch(() => []))
    await rename(join(objects, bucket), join(directory, bucket));
  await rmdir(objects).catch(() => undefined);
  return directory;
}
