/**
 * How often Athena reads a table for a query, at most: Trino computes what WITH names anew at each place that reads it, so a
 * table is read as often as it would stand there if everything were written out. The query is of the form that `sql/` has:
 * each name of a WITH on a line of its own, `name AS (`, and the bracket that ends the last one as well.
 */
export function scansOf(table: string, query: string): number {
  const [, ...named] = query.split(/^\s*([a-z_]+) AS \($/m);
  const bodies = new Map<string, string>();
  for (let index = 0; index < named.length; index += 2)
    bodies.set(named[index] ?? "", named[index + 1] ?? "");
  const [lastName, lastBody = query] = [...bodies].at(-1) ?? [];
  const end = lastBody.search(/^\s*\)$/m);
  if (lastName !== undefined) bodies.set(lastName, lastBody.slice(0, end));
  const reads = (body: string): number =>
    [...body.matchAll(/\b(?:FROM|JOIN) ([a-z_]+)\b/g)].reduce((sum, [, name = ""]) => {
      const other = bodies.get(name);
      return sum + (name === table ? 1 : other === undefined ? 0 : reads(other));
    }, 0);
  return reads(lastName === undefined ? query : lastBody.slice(end));
}
