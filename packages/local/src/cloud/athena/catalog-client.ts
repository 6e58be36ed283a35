import {
  BatchCreatePartitionCommand,
  CreateTableCommand,
  GetDatabaseCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
  type PartitionInput,
  type TableInput,
} from "@aws-sdk/client-glue";

/** A column of a table; the type as Glue writes it, such as `decimal(12,2)`. */
export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
}

/** A table of the Glue catalogue, as far as reading it goes. */
export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  /** `s3://bucket/prefix/`; empty for a view. */
  readonly location: string;
  readonly inputFormat: string;
  readonly columns: readonly CatalogColumn[];
  readonly partitionKeys: readonly CatalogColumn[];
  /** Whether partitions follow from the keys of the objects instead of being registered. */
  readonly projected: boolean;
}

/** A registered partition; the values in the order of the table's keys. */
export interface CatalogPartition {
  readonly values: readonly string[];
  readonly location: string;
}

/** Glue's quota of partitions in one request. */
const CREATED = 100;

/** The Glue catalogue as a query's caller may use it. */
export class CatalogClient {
  readonly #client = new GlueClient({ maxAttempts: 1 });

  async hasDatabase(name: string): Promise<boolean> {
    return (await this.#found(this.#client.send(new GetDatabaseCommand({ Name: name })))) !== undefined;
  }

  async table(database: string, name: string): Promise<CatalogTable | undefined> {
    const answer = await this.#found(
      this.#client.send(new GetTableCommand({ DatabaseName: database, Name: name })),
    );
    if (answer?.Table === undefined) return undefined;
    const { StorageDescriptor, PartitionKeys, Parameters } = answer.Table;
    return {
      database,
      name,
      location: StorageDescriptor?.Location ?? "",
      inputFormat: StorageDescriptor?.InputFormat ?? "",
      columns: columnsOf(StorageDescriptor?.Columns),
      partitionKeys: columnsOf(PartitionKeys),
      projected: Parameters?.["projection.enabled"]?.toLowerCase() === "true",
    };
  }

  async partitions(database: string, table: string): Promise<CatalogPartition[]> {
    const found: CatalogPartition[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.#client.send(
        new GetPartitionsCommand({
          DatabaseName: database,
          TableName: table,
          ExcludeColumnSchema: true,
          NextToken,
        }),
      );
      for (const { Values = [], StorageDescriptor } of page.Partitions ?? [])
        found.push({ values: Values, location: StorageDescriptor?.Location ?? "" });
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  }

  async createTable(
    database: string,
    table: TableInput & { Name: string },
    partitions: readonly PartitionInput[],
  ): Promise<void> {
    await this.#client.send(new CreateTableCommand({ DatabaseName: database, TableInput: table }));
    for (let at = 0; at < partitions.length; at += CREATED) {
      const PartitionInputList = partitions.slice(at, at + CREATED);
      const place = { DatabaseName: database, TableName: table.Name };
      await this.#client.send(new BatchCreatePartitionCommand({ ...place, PartitionInputList }));
    }
  }

  async #found<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof Error && error.name === "EntityNotFoundException") return undefined;
      throw error;
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

function columnsOf(columns: readonly { Name?: string | undefined; Type?: string | undefined }[] | undefined) {
  return (columns ?? []).map(({ Name = "", Type = "string" }) => ({ name: Name.toLowerCase(), type: Type }));
}
