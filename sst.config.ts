/// <reference path="./.sst/platform/config.d.ts" />

// No top-level import: SST reads app() before anything else exists. Each stack is one file, imported where it is named.
export default $config({
  async app({ stage }) {
    const { settingsFor } = await import("./stacks/settings.ts");
    const { region, removal, protect } = settingsFor(stage);
    return { name: "penstock", home: "aws", removal, protect, providers: { aws: { region } } };
  },
  async run() {
    const { raw, curated, pending, quarantine, audit, artifacts } = await import("./stacks/storage.ts");
    const { runs, locks, refineJob } = await import("./stacks/lake.ts");
    const { database } = await import("./stacks/catalog.ts");
    const { dataTopic, operationsTopic, deadLetters, undelivered } = await import("./stacks/monitoring.ts");
    const { rawToCurated, reconcile, onFailure } = await import("./stacks/workflows.ts");
    await import("./stacks/triggers.ts");
    const { apiUrl, tokenUrl, userPool, runClient, operatorClient } = await import("./stacks/api.ts");

    return {
      raw: raw.name,
      curated: curated.name,
      pending: pending.name,
      quarantine: quarantine.name,
      audit: audit.name,
      artifacts: artifacts.name,
      runs: runs.name,
      locks: locks.name,
      refineJob: refineJob.name,
      database: database.name,
      rawToCurated: rawToCurated.arn,
      reconcile: reconcile.arn,
      onFailure: onFailure.arn,
      dataTopic: dataTopic.arn,
      operationsTopic: operationsTopic.arn,
      deadLetters: deadLetters.url,
      undelivered: undelivered.url,
      apiUrl,
      tokenUrl,
      userPool: userPool.id,
      runClient: runClient.id,
      operatorClient: operatorClient.id,
    };
  },
});
