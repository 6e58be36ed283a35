import { dynamoRateLimits } from "@penstock/assets/limits";
import type { Rate } from "@penstock/assets/settings";
import { clients } from "@penstock/runtime/aws";
import { metrics } from "@penstock/runtime/metrics";
import { type Limited, type MayWait, permits, type TakePermit, waits } from "./permits.ts";

interface LinkedRates<Kind extends Limited> {
  readonly limitsTable: string;
  readonly rates: Readonly<Record<Kind, Rate>>;
}

/** Permits of the stage that the function is deployed in. */
export function linkedPermits<Kind extends Limited>({
  limitsTable,
  rates,
}: LinkedRates<Kind>): TakePermit<Kind> {
  return permits({
    limits: dynamoRateLimits(clients.dynamo, limitsTable),
    rates,
    now: () => Date.now(),
    onLimited(kind) {
      // A metric of its own is written at once: nobody publishes what a request left behind.
      const limited = metrics.singleMetric();
      limited.addDimension("Kind", kind);
      limited.addMetric("RateLimited", "Count", 1);
    },
  });
}

/** The same for those who wait. */
export function linkedWaits({
  limitsTable,
  rate,
}: {
  readonly limitsTable: string;
  readonly rate: Rate;
}): MayWait {
  return waits({ limits: dynamoRateLimits(clients.dynamo, limitsTable), rate, now: () => Date.now() });
}
