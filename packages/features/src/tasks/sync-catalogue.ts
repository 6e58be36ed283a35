import { task } from "@penstock/runtime";
import { syncCatalogue } from "../sync-catalogue.ts";
import { SyncCatalogueInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Writes the snapshots of products and users as they are curated now. */
export const handler = task(SyncCatalogueInput, async (_, context) => {
  const written = await syncCatalogue(featuresPorts(context));
  context.log.info("catalogue synced", { ...written });
  return written;
});
