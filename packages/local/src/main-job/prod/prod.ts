import type { CopilotAnswer, MartsManifest, ReportHead } from "@penstock/contracts";

/** A cell of a report: days and moments as ISO 8601 text. */
export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** A report as it stands in its system's bucket. */
export interface WrittenReport {
  readonly head: ReportHead;
  /** The columns that the summary needs; all rows. */
  readonly rows: readonly Row[];
}

/** One system with its current build. */
export interface WrittenSystem {
  readonly system: string;
  readonly title: string;
  readonly build: string;
  readonly builtAt: string;
  readonly reports: Readonly<Record<string, WrittenReport>>;
}

/** Revenue of a day over all regions and categories. */
export interface DayOfSales {
  readonly day: string;
  readonly revenue: number;
}

/** What the copilot made of the question that the main job asks. */
export type Asked =
  | { readonly question: string; readonly answer: CopilotAnswer }
  | { readonly question: string; readonly refused: string };

/** All that `curated-to-prod` left behind, read from the objects and over the API. */
export interface Prod {
  /** Manifest of the current build of the marts; undefined: there is none. */
  readonly marts: MartsManifest | undefined;
  /** The systems that have a current build. */
  readonly systems: readonly WrittenSystem[];
  readonly sales: readonly DayOfSales[];
  /** Keys of the sales, as `order | line`. */
  readonly soldLines: ReadonlySet<string>;
  readonly asked: Asked | undefined;
  /** Objects that could not be read, and why. */
  readonly unreadable: readonly string[];
}
