import { join } from "node:path";
import { type DuckSession, inParallel, parseS3Uri, s3Uri, text } from "@penstock/runtime";
import type { Run } from "../run.ts";

/** Makes a view of that name over the rows of Parquet objects, in place of one that was there; their files lie in the folder. */
export async function viewObjects(
  name: string,
  objects: readonly { readonly uri: string }[],
  {
    store,
    session,
    folder,
  }: { readonly store: Run["store"]; readonly session: DuckSession; readonly folder: string },
): Promise<void> {
  const files = await inParallel(objects, async ({ uri }, index) => {
    const file = join(folder, `${name}-${index}.parquet`);
    const { bucket, key } = parseS3Uri(uri);
    await store.download(s3Uri(bucket, key), file);
    return text(file);
  });
  await session.run(
    `CREATE OR REPLACE VIEW ${name} AS SELECT * FROM read_parquet([${files.join(", ")}], hive_partitioning = false)`,
  );
}
