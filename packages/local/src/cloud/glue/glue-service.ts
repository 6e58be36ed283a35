import { NotImplemented } from "../gateway/aws-error.ts";
import type { Service } from "../gateway/call.ts";
import { type Action, jsonService } from "../gateway/json-service.ts";
import type { GlueCatalog } from "./catalog/glue-catalog.ts";
import { partitionActions } from "./catalog/partition-actions.ts";
import { tableActions } from "./catalog/table-actions.ts";
import { crawlerActions } from "./crawlers/crawler-actions.ts";
import type { Crawlers } from "./crawlers/crawlers.ts";
import { jobActions } from "./job-actions.ts";
import type { JobRuns } from "./job-runs.ts";

export interface GlueParts {
  readonly runs: JobRuns;
  readonly catalog: GlueCatalog;
  readonly crawlers: Crawlers;
  readonly account: string;
}

/** Glue's API, as far as the catalogue, crawlers and running jobs go. */
export function glueService({ runs, catalog, crawlers, account }: GlueParts): Service {
  const own =
    (action: Action): Action =>
    (parameters, caller) => {
      const { CatalogId } = parameters;
      if (typeof CatalogId === "string" && CatalogId !== account)
        throw new NotImplemented("glue", "catalogues of other accounts");
      return action(parameters, caller);
    };
  const actions = {
    ...jobActions(runs),
    ...tableActions(catalog, account),
    ...partitionActions(catalog, account),
    ...crawlerActions(crawlers),
  };
  return jsonService(
    "glue",
    "1.1",
    Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, own(action)])),
  );
}
