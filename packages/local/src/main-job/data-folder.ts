import { access, constants, readdir, stat } from "node:fs/promises";
import { extname, join, resolve } from "node:path";

/** The folder given with `--data` holds nothing to run on. The message says which folder, why, and what to do. */
export class DataFolderUnusable extends Error {
  override readonly name = "DataFolderUnusable";
}

const advice = "Give a folder that holds .parquet or .csv files, for example --data ../shared/data/olist.";

/**
 * The names of the Parquet and CSV files of a folder that may be read, sorted.
 *
 * @throws DataFolderUnusable when there are none.
 */
export async function dataFiles(directory: string): Promise<string[]> {
  const folder = resolve(directory);
  const kind = await stat(folder).catch(() => undefined);
  if (kind === undefined) throw new DataFolderUnusable(`There is no folder ${folder}. ${advice}`);
  if (!kind.isDirectory()) throw new DataFolderUnusable(`${folder} is a file. ${advice}`);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new DataFolderUnusable(`${folder} cannot be read (${String(error)}). ${advice}`);
  });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const data = names.filter((name) => [".parquet", ".csv"].includes(extname(name).toLowerCase())).sort();
  if (names.length === 0) throw new DataFolderUnusable(`${folder} has no files in it. ${advice}`);
  if (data.length === 0) {
    throw new DataFolderUnusable(
      `None of the ${names.length} files in ${folder} is Parquet or CSV. ${advice}`,
    );
  }
  const readable = await Promise.all(
    data.map((name) =>
      access(join(folder, name), constants.R_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (!readable.includes(true)) {
    throw new DataFolderUnusable(`No file in ${folder} may be read by this user. Change their permissions.`);
  }
  return data.filter((_, index) => readable[index]);
}
