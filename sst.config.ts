/// <reference path="./.sst/platform/config.d.ts" />

// No top-level import: SST reads app() before anything else exists. Each stack is one file, imported where it is named.
export default $config({
  async app({ stage }) {
    const { settingsFor } = await import("./stacks/settings.ts");
    const { region, removal, protect } = settingsFor(stage);
    return { name: "penstock", home: "aws", removal, protect, providers: { aws: { region } } };
  },
  async run() {
    const {
      raw,
      curated,
      pending,
      quarantine,
      audit,
      artifacts,
      marts,
      prod,
      interactions,
      features,
      dnaData,
      dnaWork,
      uploads,
      generatedAssets,
    } = await import("./stacks/storage.ts");
    const { interactionStream } = await import("./stacks/ingestion.ts");
    const {
      runs,
      locks,
      builds,
      planJob,
      onlineFeatures,
      people,
      dnaFiles,
      products,
      generatedImages,
      campaignCache,
      rateLimits,
    } = await import("./stacks/lake.ts");
    const { database } = await import("./stacks/catalog.ts");
    const { martsCatalogue } = await import("./stacks/analytics-catalog.ts");
    const { featuresCatalogue } = await import("./stacks/features-catalog.ts");
    const { workgroup } = await import("./stacks/athena.ts");
    const { dataTopic, operationsTopic, deadLetters, undelivered } = await import("./stacks/monitoring.ts");
    const { imageRequests, imageRequestsDead } = await import("./stacks/assets.ts");
    const { assetsUrl } = await import("./stacks/delivery-network.ts");
    const { rawToCurated, reconcile, curatedToProd, featurePipeline, digitalDna, campaign, onFailure } =
      await import("./stacks/workflows.ts");
    await import("./stacks/triggers.ts");
    await import("./stacks/features-monitoring.ts");
    await import("./stacks/dna-monitoring.ts");
    await import("./stacks/campaign-monitoring.ts");
    await import("./stacks/backfill.ts");
    const { apiUrl } = await import("./stacks/api.ts");
    const {
      tokenUrl,
      userPool,
      runClient,
      operatorClient,
      analystClient,
      ingestClient,
      featuresClient,
      exportsClient,
      personasClient,
      campaignsClient,
      campaignsAppClient,
    } = await import("./stacks/api-clients.ts");

    return {
      raw: raw.name,
      curated: curated.name,
      pending: pending.name,
      quarantine: quarantine.name,
      audit: audit.name,
      artifacts: artifacts.name,
      marts: marts.name,
      marketIntelligenceHub: prod["market-intelligence-hub"].name,
      demandInsightsEngine: prod["demand-insights-engine"].name,
      complianceGuardian: prod["compliance-guardian"].name,
      globalMarketPulse: prod["global-market-pulse"].name,
      retailCopilot: prod["retail-copilot"].name,
      interactions: interactions.name,
      features: features.name,
      dnaData: dnaData.name,
      dnaWork: dnaWork.name,
      uploads: uploads.name,
      generatedAssets: generatedAssets.name,
      assetsUrl,
      interactionStream: interactionStream.name,
      runs: runs.name,
      locks: locks.name,
      builds: builds.name,
      planJob: planJob.name,
      database: database.name,
      martsDatabase: martsCatalogue.database.name,
      featuresDatabase: featuresCatalogue.database.name,
      userFeatures: onlineFeatures.user.name,
      itemFeatures: onlineFeatures.item.name,
      people: people.name,
      dnaFiles: dnaFiles.name,
      products: products.name,
      generatedImages: generatedImages.name,
      campaignCache: campaignCache.name,
      rateLimits: rateLimits.name,
      workgroup: workgroup.name,
      rawToCurated: rawToCurated.arn,
      reconcile: reconcile.arn,
      curatedToProd: curatedToProd.arn,
      featurePipeline: featurePipeline.arn,
      digitalDna: digitalDna.arn,
      campaign: campaign.arn,
      onFailure: onFailure.arn,
      dataTopic: dataTopic.arn,
      operationsTopic: operationsTopic.arn,
      deadLetters: deadLetters.url,
      undelivered: undelivered.url,
      imageRequests: imageRequests.url,
      imageRequestsDead: imageRequestsDead.url,
      apiUrl,
      tokenUrl,
      userPool: userPool.id,
      runClient: runClient.id,
      operatorClient: operatorClient.id,
      analystClient: analystClient.id,
      ingestClient: ingestClient.id,
      featuresClient: featuresClient.id,
      exportsClient: exportsClient.id,
      personasClient: personasClient.id,
      campaignsClient: campaignsClient.id,
      campaignsAppClient: campaignsAppClient.id,
    };
  },
});
