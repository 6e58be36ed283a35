/** Tables by name, each with its columns: what an offline model may write queries over. */
export type PromptSchema = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The tables that stand in a prompt, as lines `TABLE name -- what it holds` with their columns below them:
 * `  name type -- what it holds`. Empty for a prompt without any.
 */
export function schemaOf(prompt: string): PromptSchema {
  const tables = new Map<string, Set<string>>();
  let columns: Set<string> | undefined;
  for (const line of prompt.split("\n")) {
    const table = /^TABLE (\w+) -- /.exec(line)?.[1];
    const column = /^ {2}(\w+) \S+ -- /.exec(line)?.[1];
    if (table !== undefined) {
      columns = new Set();
      tables.set(table, columns);
    } else if (column !== undefined) columns?.add(column);
    else if (line.trim() !== "") columns = undefined;
  }
  return tables;
}
