import { bodyOf, type Operation } from "./operations/bodies.ts";
import { operandName } from "./operations/types.ts";

/** A call in the written query that stands for an operation: which macro it calls, for what. */
export interface TypedOperation {
  readonly name: string;
  readonly operation: Operation;
}

/** What this needs of a session. */
interface Session {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<unknown>;
}

/**
 * Defines the operations of a statement as macros of a session that has the statement's views, so that its query can run
 * there. DuckDB is asked for the types of their operands: it names them when it refuses a call.
 * @throws TrinoRefusal for types that an operation does not take; whatever else is wrong with the query
 */
export async function defineOperations(
  session: Session,
  { duckdb, operations }: { readonly duckdb: string; readonly operations: readonly TypedOperation[] },
): Promise<void> {
  const open = new Map(operations.map((each, at) => [`o${at}`, each]));
  while (open.size > 0) {
    const failure = await failureOf(session, probe(duckdb, open));
    // Those that are left stand where nothing reads them.
    if (failure === undefined) return;
    const found = typesIn(failure.message);
    const operation = found && open.get(found.operation);
    if (found === undefined || operation === undefined) throw failure;
    const parameters = found.types.map((_, at) => operandName(at)).join(", ");
    const body = bodyOf(operation.operation, found.types);
    await session.run(`CREATE OR REPLACE MACRO ${operation.name}(${parameters}) AS (${body})`);
    open.delete(found.operation);
  }
}

/** The query with each open operation as a call that DuckDB has not: of a structure that says which it is. */
function probe(duckdb: string, open: ReadonlyMap<string, TypedOperation>): string {
  let query = `DESCRIBE ${duckdb}`;
  for (const [id, { name }] of open)
    query = query.replaceAll(new RegExp(`\\b${name}\\(`, "gi"), `year({'${id}': 1}, `);
  return query;
}

async function failureOf(session: Session, sql: string): Promise<Error | undefined> {
  try {
    await session.rows(sql);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** `… 'year(STRUCT(o1 INTEGER), DECIMAL(12,2), BIGINT)'` → o1 and the two types. */
function typesIn(message: string): { operation: string; types: string[] } | undefined {
  const found = /argument types 'year\(STRUCT\((o\d+) [A-Z_]+\), (.*)\)'\. You/.exec(message);
  if (found === null) return undefined;
  const types = (found[2] ?? "").split(/,\s*(?![^(]*\))/);
  return { operation: found[1] ?? "", types };
}
