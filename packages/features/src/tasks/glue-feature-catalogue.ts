import {
  BatchCreatePartitionCommand,
  type BatchCreatePartitionResponse,
  BatchDeletePartitionCommand,
  type BatchDeletePartitionResponse,
  GetPartitionsCommand,
  type GetPartitionsResponse,
  GetTableCommand,
  type GlueClient,
  type Table,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { fromAws, ObjectMissing, text, Unexpected } from "@penstock/runtime";
import type { FeatureCatalogue, KnownPartition, WantedPartition } from "../feature-catalogue.ts";

/** Glue's quotas of partitions in one request. */
const MOST = { created: 100, deleted: 25 } as const;

/** The catalogue of features in a database of Glue. */
export function glueFeatureCatalogue(
  client: Pick<GlueClient, "send">,
  DatabaseName: string,
): FeatureCatalogue {
  const table = async (Name: string): Promise<Table> => {
    const about = `the table ${DatabaseName}.${Name}`;
    const { Table } = await client
      .send(new GetTableCommand({ DatabaseName, Name }))
      .catch((error: unknown) => notThere(about, error));
    if (Table === undefined) throw new ObjectMissing(`${about} is not in the catalogue`);
    return Table;
  };

  const partitions = async (TableName: string, first?: string): Promise<KnownPartition[]> => {
    const about = `partitions of ${DatabaseName}.${TableName}`;
    const found: KnownPartition[] = [];
    const key = first === undefined ? undefined : (await table(TableName)).PartitionKeys?.[0]?.Name;
    const Expression = key === undefined ? undefined : `${key} = ${text(first ?? "")}`;
    let NextToken: string | undefined;
    do {
      const page: GetPartitionsResponse = await client
        .send(
          new GetPartitionsCommand({
            DatabaseName,
            TableName,
            Expression,
            ExcludeColumnSchema: true,
            NextToken,
          }),
        )
        .catch((error: unknown) => notThere(about, error));
      for (const { Values = [], StorageDescriptor, CreationTime } of page.Partitions ?? [])
        found.push({
          values: Values,
          location: StorageDescriptor?.Location ?? "",
          createdAt: CreationTime ?? new Date(0),
        });
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  };

  const remove = async (TableName: string, values: readonly (readonly string[])[]): Promise<void> => {
    const about = `partitions of ${DatabaseName}.${TableName}`;
    for (let at = 0; at < values.length; at += MOST.deleted) {
      const PartitionsToDelete = values.slice(at, at + MOST.deleted).map((one) => ({ Values: [...one] }));
      const { Errors }: BatchDeletePartitionResponse = await client
        .send(new BatchDeletePartitionCommand({ DatabaseName, TableName, PartitionsToDelete }))
        .catch((error: unknown) => notThere(about, error));
      mustBeAll(about, Errors, "EntityNotFoundException");
    }
  };

  return {
    partitions,
    remove,

    async register(TableName, wanted) {
      const about = `partitions of ${DatabaseName}.${TableName}`;
      if (wanted.length === 0) return;
      const { StorageDescriptor } = await table(TableName);
      const known = new Map<string, KnownPartition>();
      for (const first of new Set(wanted.map(({ values }) => values[0])))
        for (const one of await partitions(TableName, first)) known.set(keyOf(one), one);
      const isRight = (one: WantedPartition) => known.get(keyOf(one))?.location === one.location;
      const missing = wanted.filter((one) => !isRight(one));
      await remove(
        TableName,
        missing.filter((one) => known.has(keyOf(one))).map(({ values }) => values),
      );
      for (let at = 0; at < missing.length; at += MOST.created) {
        const PartitionInputList = missing.slice(at, at + MOST.created).map(({ values, location }) => ({
          Values: [...values],
          StorageDescriptor: { ...StorageDescriptor, Location: location },
        }));
        const { Errors }: BatchCreatePartitionResponse = await client
          .send(new BatchCreatePartitionCommand({ DatabaseName, TableName, PartitionInputList }))
          .catch((error: unknown) => notThere(about, error));
        // What a call that was lost on its way back has registered lies in the same place.
        mustBeAll(about, Errors, "AlreadyExistsException");
      }
    },

    async annotate(TableName, parameters) {
      const {
        Name,
        Description,
        Owner,
        Retention,
        StorageDescriptor,
        PartitionKeys,
        TableType,
        Parameters = {},
      } = await table(TableName);
      await client
        .send(
          new UpdateTableCommand({
            DatabaseName,
            TableInput: {
              Name,
              Description,
              Owner,
              Retention,
              StorageDescriptor,
              PartitionKeys,
              TableType,
              Parameters: { ...Parameters, ...parameters },
            },
          }),
        )
        .catch((error: unknown) => notThere(`the table ${DatabaseName}.${TableName}`, error));
    },
  };
}

const keyOf = ({ values }: WantedPartition): string => JSON.stringify(values);

/** Glue's own word for what is not there. */
function notThere(about: string, error: unknown): never {
  if (error instanceof Error && error.name === "EntityNotFoundException")
    throw new ObjectMissing(`${about}: not in the catalogue; deploy the tables first`, { cause: error });
  return fromAws(about)(error);
}

/** A request for many goes through as a whole; of each that was refused Glue says why. */
function mustBeAll(
  about: string,
  errors: BatchCreatePartitionResponse["Errors"] = [],
  allowed: string,
): void {
  const codes = errors.map(({ ErrorDetail }) => ErrorDetail?.ErrorCode ?? "no reason given");
  const refused = codes.filter((code) => code !== allowed);
  if (refused.length > 0) throw new Unexpected(`${about}: Glue refused ${refused.length} (${refused[0]})`);
}
