import type { Contract } from "@penstock/contracts";
import { ErrorNames, NamedError, type ObjectFacts, type S3Uri } from "@penstock/runtime";
import type { ColumnCounts, RefineCounts } from "./refine-reports.ts";

/** Rows of an attempt's outputs, counted in the files that were written. */
export interface WrittenRows {
  readonly curated: number;
  readonly pending: number;
  readonly quarantined: number;
}

/**
 * What became of every row of one object. Holds no times and no run id: refined again over the same parents, it is
 * the same to the byte. rows_in = curated + duplicates + pending + quarantined.
 */
export interface RefineMetrics extends WrittenRows {
  readonly object: S3Uri;
  readonly etag: string;
  readonly table: string;
  readonly contract: { readonly name: string; readonly version: number };
  readonly source: string;
  readonly rows_in: number;
  /** Rows whose key another row of the same object has, which is later. */
  readonly duplicates: number;
  /** Quarantined rows under every rule that they break. */
  readonly by_rule: Readonly<Record<string, number>>;
  /** Pending rows under every reference whose parent is missing. */
  readonly by_missing_parent: Readonly<Record<string, number>>;
  /** Values that a mask changed, in the rows that were written. */
  readonly masked: number;
  /** quarantined / rows_in, 0 for a file without rows. */
  readonly rejected_fraction: number;
  readonly columns: readonly ColumnCounts[];
}

/** Rows were lost or made: a defect of ours. Nothing of the attempt has become final. */
export class BalanceBroken extends NamedError {
  constructor(message: string) {
    super(ErrorNames.Unexpected, message);
    // Its own name, which Step Functions reports; the runtime's list holds the names that machines match.
    Object.defineProperty(this, "name", { value: "BalanceBroken" });
  }
}

/** Puts the numbers together. Throws {@link BalanceBroken} unless they add up. */
export function refineMetrics(
  about: {
    readonly object: Pick<ObjectFacts, "uri" | "etag">;
    readonly contract: Contract;
    readonly source: string;
  },
  counts: RefineCounts,
  written: WrittenRows,
): RefineMetrics {
  const { curated, pending, quarantined } = written;
  const { rowsIn, duplicates } = counts;
  if (rowsIn !== curated + duplicates + pending + quarantined) {
    throw new BalanceBroken(
      `${about.object.uri}: ${rowsIn} rows in, but ${curated} curated + ${duplicates} duplicates + ${pending} pending + ${quarantined} quarantined; nothing was put in place`,
    );
  }
  return {
    object: about.object.uri,
    etag: about.object.etag,
    table: about.contract.name,
    contract: { name: about.contract.name, version: about.contract.version },
    source: about.source,
    rows_in: rowsIn,
    curated,
    duplicates,
    pending,
    quarantined,
    by_rule: counts.byRule,
    by_missing_parent: counts.byMissingParent,
    masked: counts.columns.reduce((sum, { masked }) => sum + masked, 0),
    rejected_fraction: rowsIn === 0 ? 0 : quarantined / rowsIn,
    columns: counts.columns,
  };
}
