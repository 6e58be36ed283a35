/** A partition that is to be registered: values in the order of the table's keys, and where its objects lie. */
export interface WantedPartition {
  readonly values: readonly string[];
  readonly location: string;
}

/** A partition that is registered. */
export interface KnownPartition extends WantedPartition {
  readonly createdAt: Date;
}

/** What the catalogue knows of the tables of clean rows and of features. Behind it is Glue. */
export interface FeatureCatalogue {
  /** Has each of the partitions lie where it is said; what is registered so already is left alone. */
  register(table: string, partitions: readonly WantedPartition[]): Promise<void>;
  /** A table's partitions; those with these first values where some are given. */
  partitions(table: string, first?: string): Promise<readonly KnownPartition[]>;
  /** Removes partitions by their values; one that is gone is no error. */
  remove(table: string, values: readonly (readonly string[])[]): Promise<void>;
  /** Sets parameters of a table, and leaves its others as they are. */
  annotate(table: string, parameters: Readonly<Record<string, string>>): Promise<void>;
}
