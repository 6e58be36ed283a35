import { basename, extname, join, resolve } from "node:path";
import { contracts } from "@penstock/contracts";
import { openSession, text } from "@penstock/runtime";
import { dataFiles } from "./data-folder.ts";
import type { Input, InputObject } from "./input.ts";

/**
 * The files of one's own as raw objects: Parquet as it is, CSV as Parquet with every column text. Folders in
 * the folder are not looked into. A file whose name no contract knows goes up too, to be refused by name.
 *
 * @throws DataFolderUnusable when the folder is missing, unreadable, or holds no Parquet or CSV file.
 */
export async function folderInput(directory: string, workDirectory: string, today: Date): Promise<Input> {
  const folder = resolve(directory);
  const files = await dataFiles(directory);
  async function* objects(): AsyncGenerator<InputObject, undefined> {
    for (const name of files) {
      const path = join(folder, name);
      const key = `ecommerce/${tableOf(name) ?? stem(name)}-raw/${partition(today)}/${objectName(name)}`;
      const csv = extname(name).toLowerCase() === ".csv";
      yield { key, path: csv ? await converted(path, workDirectory) : path, uploads: 1 };
    }
  }
  return { count: files.length, objects: objects(), planted: undefined };
}

/** The table that a file's name means, by the sources of the contracts. */
export function tableOf(fileName: string): string | undefined {
  const name = stem(fileName);
  return Object.values(contracts).find((contract) =>
    Object.values(contract.sources).some((source) => source.files.includes(name)),
  )?.name;
}

function stem(fileName: string): string {
  return basename(fileName, extname(fileName));
}

/** `orders.csv` → `orders.csv.parquet`, so that it and `orders.parquet` are two objects. */
function objectName(fileName: string): string {
  return extname(fileName).toLowerCase() === ".parquet" ? fileName : `${fileName}.parquet`;
}

function partition(day: Date): string {
  const [year, month, date] = day.toISOString().slice(0, 10).split("-");
  return `year=${year}/month=${month}/day=${date}`;
}

/**
 * A CSV file as Parquet: every column text, an empty cell NULL, a quoted cell with its line breaks. A file
 * that does not read as CSV goes up as it is, and is refused like any other file that is not Parquet.
 */
async function converted(path: string, workDirectory: string): Promise<string> {
  const target = join(workDirectory, `${basename(path)}.parquet`);
  await using session = await openSession({ memoryMb: 1024, threads: 2, tempDirectory: workDirectory });
  try {
    await session.run(
      `COPY (SELECT * FROM read_csv(${text(path)}, header = true, all_varchar = true, nullstr = ''))
       TO ${text(target)} (FORMAT parquet, COMPRESSION snappy)`,
    );
    return target;
  } catch {
    return path;
  }
}
