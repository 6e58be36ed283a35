import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { makeCampaign } from "../../campaigns/campaign-calls.ts";
import { uploadPicture } from "../../campaigns/upload-calls.ts";
import { type Check, check } from "../balance.ts";
import { personCaller } from "../call-api.ts";
import { plainColumns } from "../plain-columns.ts";
import type { Run } from "../run.ts";
import { faults } from "./campaign-checks.ts";
import type { Photo } from "./photos-folder.ts";
import type { MadeCampaign } from "./sample-campaigns.ts";

/** Labels that the table has room for. */
const LABELS = 5;

/** Makes a campaign for each photo of a folder, and prints what was seen and how each was made. */
export async function folderCampaigns(
  run: Run,
  directory: string,
  photos: readonly Photo[],
): Promise<readonly Check[]> {
  const { cloud, screen, signal } = run;
  const table = plainColumns(["photo", "labels", "method", "ideas"], ["photo", "labels", "method"]);
  const wrong: string[] = [];
  for (const [place, { file, type }] of photos.entries()) {
    // Everybody may only make so many in an hour.
    const call = await personCaller(cloud, `photo-${place + 1}`, "penstock/campaigns", signal);
    const bytes = await readFile(join(directory, file));
    const upload = await uploadPicture(call, { bytes, type }, signal);
    const state =
      upload.status === "rejected"
        ? undefined
        : await makeCampaign(
            call,
            {
              product: { name: file.slice(0, -extname(file).length).replaceAll("_", " ") },
              image: { upload_id: upload.upload_id },
              objectives: ["Become known"],
              target_markets: ["DE"],
            },
            signal,
          );
    wrong.push(...faultsOf(upload.reason, state).map((fault) => `${file}: ${fault}`));
    if (state?.status === "completed") {
      const labels = state.product.labels.map(({ name }) => name).slice(0, LABELS);
      table.push([file, labels.join(", "), state.generation_method, state.content_ideas.length]);
    } else table.push([file, "", upload.reason ?? "failed", 0]);
  }
  screen.line(table.toString());
  return [check("campaigns", wrong, `${photos.length} of ${photos.length} photos have one, complete`)];
}

function faultsOf(rejected: string | null, state: MadeCampaign["state"] | undefined): string[] {
  return state === undefined ? [`it is not taken: ${rejected}`] : faults({ tier: 1, state });
}
