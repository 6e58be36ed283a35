import type { TaskContext } from "@penstock/runtime";
import type { RefineSummary } from "../refine.ts";

/** Publishes what became of an object's rows; the alarm on rejected rows reads `RejectedFraction`. Returns the summary. */
export function measured(summary: RefineSummary, { metrics, log }: TaskContext): RefineSummary {
  metrics.addMetric("RowsIn", "Count", summary.rows_in);
  metrics.addMetric("RowsCurated", "Count", summary.curated);
  metrics.addMetric("RowsDuplicate", "Count", summary.duplicates);
  metrics.addMetric("RowsPending", "Count", summary.pending);
  metrics.addMetric("RowsQuarantined", "Count", summary.quarantined);
  metrics.addMetric("ValuesMasked", "Count", summary.masked);
  metrics.addMetric("RejectedFraction", "None", summary.rejected_fraction);
  log.info("refined", { ...summary });
  return summary;
}
