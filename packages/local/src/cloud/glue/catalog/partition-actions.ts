import * as v from "valibot";
import { AwsError } from "../../gateway/aws-error.ts";
import type { Action, Parameters } from "../../gateway/json-service.ts";
import type { GlueCatalog, Partition } from "./glue-catalog.ts";
import { page } from "./pages.ts";
import { partitionFilter } from "./partition-expression.ts";
import { PartitionInput, shaped } from "./shapes.ts";
import { errorDetail, nameIn, seconds } from "./table-actions.ts";

const Values = v.array(v.string());
/** Glue's quotas of partitions in one request. */
const MOST = { created: 100, deleted: 25, got: 1000 } as const;
const Segment = v.object({
  SegmentNumber: v.pipe(v.number(), v.integer(), v.minValue(0)),
  TotalSegments: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
});

const keysUpTo = (most: number) => v.pipe(v.array(v.looseObject({ Values })), v.maxLength(most));

/** Actions on the partitions of tables. @param account the catalogue's id */
export function partitionActions(catalog: GlueCatalog, account: string): Readonly<Record<string, Action>> {
  const place = (parameters: Parameters) =>
    [nameIn(parameters, "DatabaseName"), nameIn(parameters, "TableName")] as const;
  const shownIn =
    (parameters: Parameters) =>
    ({ input, createdAt }: Partition) => {
      const [DatabaseName, TableName] = place(parameters);
      const { StorageDescriptor, ...rest } = input;
      const descriptor =
        parameters.ExcludeColumnSchema === true && StorageDescriptor !== undefined
          ? { ...StorageDescriptor, Columns: undefined }
          : StorageDescriptor;
      return {
        ...rest,
        ...(descriptor === undefined ? {} : { StorageDescriptor: descriptor }),
        DatabaseName: DatabaseName.toLowerCase(),
        TableName: TableName.toLowerCase(),
        CreationTime: seconds(createdAt),
        CatalogId: account,
      };
    };
  /** Does all that can be done, and tells of the rest. */
  const each = <Item>(
    items: readonly Item[],
    valuesOf: (item: Item) => string[],
    run: (item: Item) => void,
  ) =>
    items.flatMap((item) => {
      try {
        run(item);
        return [];
      } catch (thrown) {
        return [{ PartitionValues: valuesOf(item), ErrorDetail: errorDetail(thrown) }];
      }
    });
  return {
    CreatePartition: (parameters) => {
      const input = shaped(PartitionInput, parameters.PartitionInput, "PartitionInput");
      catalog.createPartition(...place(parameters), input);
    },
    BatchCreatePartition: (parameters) => {
      catalog.table(...place(parameters));
      const list = v.pipe(v.array(PartitionInput), v.maxLength(MOST.created));
      const inputs = shaped(list, parameters.PartitionInputList, "PartitionInputList");
      const create = (input: PartitionInput) => catalog.createPartition(...place(parameters), input);
      return { Errors: each(inputs, (input) => input.Values, create) };
    },
    GetPartition: (parameters) => {
      const values = shaped(Values, parameters.PartitionValues, "PartitionValues");
      return { Partition: shownIn(parameters)(catalog.partition(...place(parameters), values)) };
    },
    GetPartitions: (parameters) => {
      const { PartitionKeys } = catalog.table(...place(parameters)).input;
      const expression = v.optional(v.nullable(v.string()), "");
      const keeps = partitionFilter(
        shaped(expression, parameters.Expression, "Expression") ?? "",
        PartitionKeys,
      );
      const segment =
        parameters.Segment === undefined ? undefined : shaped(Segment, parameters.Segment, "Segment");
      const found = catalog
        .partitions(...place(parameters))
        .filter(({ input }) => keeps(input.Values))
        .filter((_, at) => segment === undefined || at % segment.TotalSegments === segment.SegmentNumber);
      const { items, ...more } = page(found, parameters, MOST.got);
      return { Partitions: items.map(shownIn(parameters)), ...more };
    },
    BatchGetPartition: (parameters) => {
      catalog.table(...place(parameters));
      const keys = shaped(keysUpTo(MOST.got), parameters.PartitionsToGet, "PartitionsToGet");
      const found = keys.flatMap((key) => {
        try {
          return [catalog.partition(...place(parameters), key.Values)];
        } catch (thrown) {
          if (thrown instanceof AwsError) return [];
          throw thrown;
        }
      });
      return { Partitions: found.map(shownIn(parameters)), UnprocessedKeys: [] };
    },
    UpdatePartition: (parameters) => {
      const values = shaped(Values, parameters.PartitionValueList, "PartitionValueList");
      const input = shaped(PartitionInput, parameters.PartitionInput, "PartitionInput");
      catalog.updatePartition(...place(parameters), values, input);
    },
    DeletePartition: (parameters) => {
      const values = shaped(Values, parameters.PartitionValues, "PartitionValues");
      catalog.deletePartition(...place(parameters), values);
    },
    BatchDeletePartition: (parameters) => {
      catalog.table(...place(parameters));
      const keys = shaped(keysUpTo(MOST.deleted), parameters.PartitionsToDelete, "PartitionsToDelete");
      const remove = (key: { Values: string[] }) => catalog.deletePartition(...place(parameters), key.Values);
      return { Errors: each(keys, (key) => key.Values, remove) };
    },
  };
}
