import { Metrics } from "@aws-lambda-powertools/metrics";

/**
 * Metrics in EMF, namespace `Penstock`, of the function whose sandbox this is. Apart from the runtime's index: who only counts need not
 * load an engine.
 */
export const metrics = new Metrics({
  namespace: "Penstock",
  serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? "penstock",
});
