import { type AnalystTable, type AnalystType, analystGlueTable } from "../analytics/analyst-table.ts";
import type { GlueColumn, GlueTable } from "../compile/glue.ts";
import type { CleanTable } from "./clean-tables.ts";
import type { FeatureGroup } from "./run-names.ts";

type FeatureSource = CleanTable["name"];

/** Rows of a clean table that give a feature its values: a condition in the subset of SQL that the engines share. */
export interface Evidence {
  readonly from: FeatureSource;
  readonly where: string;
  /** Only rows of before the last days (`recentDays`) are evidence: the feature compares these with what was before. */
  readonly beforeRecent?: true;
}

/** The days before the end of a run's days that features call the last ones: another number is another feature. */
export const recentDays = 7;

/** One feature, as its author states it. */
export interface FeatureDefinition {
  readonly type: AnalystType;
  /** What it says, with its unit. */
  readonly comment: string;
  /** Columns of the clean tables that it reads. */
  readonly sources: readonly `${FeatureSource}.${string}`[];
  /** When it is null; absent where it never is. */
  readonly nullWhen?: string;
  /**
   * Absent where it is never null. Without any such row it is null for everybody by right: the feature is *absent* from
   * the data. Null for everybody although there are such rows is a defect, and stops a publish.
   */
  readonly evidence?: Evidence;
  /**
   * Days that runs must have for their distributions to be compared: over fewer, it is the calendar that tells them apart.
   * Absent where one day is enough.
   */
  readonly comparedOver?: number;
}

export interface Feature extends FeatureDefinition {
  readonly name: string;
}

/**
 * A table of features. The key, and what else tells the row's subject, come first and are no features; the first columns
 * are those that rows are sorted by, so that sorting by all columns is sorting by them.
 */
export interface FeatureTable extends AnalystTable {
  readonly group: FeatureGroup;
  /** One more for every change of a feature's name, type or meaning: offline prefixes, online rows and schemas carry it. */
  readonly version: number;
  readonly key: string;
  readonly features: readonly Feature[];
}

export interface FeatureTableDefinition {
  readonly group: FeatureGroup;
  readonly version: number;
  readonly description: string;
  readonly key: string;
  /** Columns that tell the row's subject, in the order by which rows are sorted. */
  readonly subject: Readonly<Record<string, readonly [type: AnalystType, comment: string]>>;
  readonly orderBy: readonly string[];
  readonly features: Readonly<Record<string, FeatureDefinition>>;
}

const partitionKeys: readonly GlueColumn[] = [
  { name: "version", type: "string", comment: "of the features' definition" },
  { name: "date", type: "string", comment: "last day of the run's window, YYYY-MM-DD" },
  { name: "attempt", type: "string", comment: "the attempt of a run that wrote the row" },
];

/** Makes a table of its definition. @throws Error when rows are not sorted by the first columns: a defect of ours */
export function featureTable(definition: FeatureTableDefinition): FeatureTable {
  const { group, version, description, key, orderBy } = definition;
  const subject = Object.entries(definition.subject).map(([name, [type, comment]]) => ({
    name,
    type,
    comment,
  }));
  const features = Object.entries(definition.features).map(([name, feature]) => ({ name, ...feature }));
  const columns = [
    ...subject,
    ...features.map(({ name, type, comment, nullWhen }) => ({
      name,
      type,
      comment: nullWhen === undefined ? comment : `${comment}; null ${nullWhen}`,
    })),
  ];
  const first = columns.slice(0, orderBy.length).map(({ name }) => name);
  if (first.join() !== orderBy.join() || !orderBy.includes(key))
    throw new Error(`${group} features must begin with what they are sorted by, and that must have ${key}`);
  const name = `${group}_features`;
  return { group, version, name, description, key, columns, features, partitionKeys, orderBy };
}

/** The Glue table over a table of features; where its objects lie is the deployment's to say. */
export function featureGlueTable(table: FeatureTable): GlueTable {
  return analystGlueTable(table);
}
