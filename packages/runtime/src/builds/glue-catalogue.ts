import {
  BatchDeletePartitionCommand,
  type BatchDeletePartitionResponse,
  GetPartitionsCommand,
  type GetPartitionsResponse,
  type GlueClient,
} from "@aws-sdk/client-glue";
import { fromAws } from "../aws/failures.ts";
import { Unexpected } from "../errors.ts";
import { text } from "../sql/quote.ts";
import type { BuildCatalogue } from "./remove-superseded.ts";

/** Glue deletes so many partitions with one call. */
const BATCH = 25;

/**
 * The catalogue of a bucket of builds in Glue: its tables' partitions begin with `build`.
 *
 * A partition that is gone already is no error: somebody else may remove the same.
 */
export function glueCatalogue(client: Pick<GlueClient, "send">, DatabaseName: string): BuildCatalogue {
  return {
    async removePartitions(TableName, { before, read }) {
      const about = `partitions of ${DatabaseName}.${TableName}`;
      const found: string[][] = [];
      let NextToken: string | undefined;
      do {
        const page: GetPartitionsResponse = await client
          .send(
            new GetPartitionsCommand({
              DatabaseName,
              TableName,
              Expression: `build < ${text(before)}`,
              ExcludeColumnSchema: true,
              NextToken,
            }),
          )
          .catch(fromAws(about));
        found.push(...(page.Partitions ?? []).flatMap(({ Values }) => (Values ? [Values] : [])));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      const gone = found.filter(([build]) => build !== undefined && !read.includes(build));
      for (let at = 0; at < gone.length; at += BATCH) {
        const PartitionsToDelete = gone.slice(at, at + BATCH).map((Values) => ({ Values }));
        const { Errors = [] }: BatchDeletePartitionResponse = await client
          .send(new BatchDeletePartitionCommand({ DatabaseName, TableName, PartitionsToDelete }))
          .catch(fromAws(about));
        const codes = Errors.map(({ ErrorDetail }) => ErrorDetail?.ErrorCode);
        const refused = codes.filter((code) => code !== "EntityNotFoundException");
        if (refused.length > 0)
          throw new Unexpected(
            `${about}: Glue did not delete ${refused.length} of ${PartitionsToDelete.length} (${refused[0]})`,
          );
      }
    },
  };
}
