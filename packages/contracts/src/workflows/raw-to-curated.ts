import * as v from "valibot";
import { contracts, type TableName } from "../tables/contracts.ts";

function isTableName(name: string): name is TableName {
  return Object.hasOwn(contracts, name);
}

const tableNames = Object.keys(contracts).filter(isTableName).sort();

/**
 * What `raw-to-curated` is started with by hand: one raw object. `table` is needed where the key is not of the form
 * `ecommerce/<table>-raw/…`.
 */
export const RawToCuratedInput = v.strictObject({
  bucket: v.pipe(
    v.string("Name the bucket that holds the object."),
    v.regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "Give a bucket's name: 3 to 63 lower-case letters, digits, dots and dashes.",
    ),
    v.description("The bucket that holds the object"),
  ),
  key: v.pipe(
    v.string("Name the object by its key."),
    v.minLength(1, "Name the object by its key."),
    // S3's limit is of bytes of UTF-8; characters are never more.
    v.maxBytes(1024, "An object's key has at most 1024 bytes."),
    v.description("The object's key, not URL-encoded, at most 1024 bytes"),
  ),
  table: v.optional(
    v.pipe(
      v.picklist(tableNames, `Name one of the tables: ${tableNames.join(", ")}.`),
      v.description("Whose rows these are, where the key does not say"),
    ),
  ),
});
