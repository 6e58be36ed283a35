import type { Column } from "../catalog/shapes.ts";
import { areSimilar, mergedColumns } from "./merge-columns.ts";

/** A file of an S3 target with what its footer says; the columns are absent when it was not sampled. */
export interface FoundFile {
  readonly key: string;
  readonly bytes: number;
  readonly rows: number;
  readonly columns: readonly Column[] | undefined;
}

export interface FoundPartition {
  readonly values: readonly string[];
  /** Of the keys, with a slash at its end. */
  readonly prefix: string;
  readonly files: readonly FoundFile[];
}

/** A table as the folders and files have it. */
export interface FoundTable {
  /** As AWS names it: of the folder, in lower case, without anything but letters, digits and underscores. */
  readonly name: string;
  /** Of the keys, with a slash at its end; the key itself where one file is the table. */
  readonly prefix: string;
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly Column[];
  readonly partitions: readonly FoundPartition[];
  readonly files: readonly FoundFile[];
}

/** What a name in the catalogue looks like. */
export function tableName(folder: string): string {
  return folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, "_")
    .slice(0, 128);
}

/**
 * The tables below a folder: the highest folders whose files have similar columns, or the folders of a level. The folders
 * between a table and its files are its partitions.
 *
 * @param folder of the keys, with a slash at its end; empty for the whole bucket
 * @param level 1 for the bucket, 2 for its folders, …
 */
export function findTables(
  files: readonly FoundFile[],
  { bucket, folder, level }: { bucket: string; folder: string; level: number | undefined },
): FoundTable[] {
  const [first] = files;
  if (first === undefined) return [];
  const depth = folder.split("/").length;
  const isTable = level === undefined ? allSimilar(files) : depth >= level;
  if (isTable) return [tableAt(files, folder, folder.split("/").at(-2) ?? bucket)];
  const direct = files.filter(({ key }) => !key.slice(folder.length).includes("/"));
  const below = Map.groupBy(
    files.filter((file) => !direct.includes(file)),
    ({ key }) => key.slice(0, key.indexOf("/", folder.length) + 1),
  );
  return [
    ...direct.map((file) => tableAt([file], file.key, file.key.slice(folder.length))),
    ...[...below].flatMap(([child, of]) => findTables(of, { bucket, folder: child, level })),
  ];
}

function allSimilar(files: readonly FoundFile[]): boolean {
  const schemas = files.flatMap(({ columns }) => (columns === undefined ? [] : [columns]));
  const [first = []] = schemas;
  return schemas.every((columns) => areSimilar(first, columns));
}

function tableAt(files: readonly FoundFile[], prefix: string, named: string): FoundTable {
  const folders = files.map(({ key }) => key.slice(prefix.length).split("/").slice(0, -1));
  // Files that lie deeper than others are of the partition above them.
  const depth = Math.min(...folders.map(({ length }) => length));
  const partitionKeys = Array.from({ length: depth }, (_, level) => ({
    Name: keyName(
      folders.map((parts) => parts[level] ?? ""),
      level,
    ),
    Type: "string",
  }));
  const keys = new Set(partitionKeys.map(({ Name }) => Name));
  const columns = mergedColumns(files.map((file) => file.columns ?? [])).filter(
    ({ Name }) => !keys.has(Name),
  );
  const at = (key: string) => key.slice(prefix.length).split("/").slice(0, depth);
  const groups = Map.groupBy(files, ({ key }) => at(key).join("/"));
  const partitions = [...groups].map(([path, of]) => ({
    values: path.split("/").map(folderValue),
    prefix: `${prefix}${path}/`,
    files: of,
  }));
  return {
    name: tableName(named),
    prefix,
    columns,
    partitionKeys,
    partitions: depth === 0 ? [] : partitions,
    files,
  };
}

/** `year=2025` → `year`, when every folder of the level has that key; else Glue counts the levels. */
function keyName(folders: readonly string[], level: number): string {
  const names = new Set(folders.map((folder) => /^([^=]+)=/.exec(folder)?.[1]?.toLowerCase()));
  const [name] = names;
  return names.size === 1 && name !== undefined ? tableName(name) : `partition_${level}`;
}

/** `year=2025` → `2025`; percent signs stand for characters that a folder cannot have, as Hive writes them. */
export function folderValue(folder: string): string {
  const value = folder.replace(/^[^=]+=/, "");
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
