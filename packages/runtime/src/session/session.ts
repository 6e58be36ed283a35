import { mkdir } from "node:fs/promises";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { PhysicalColumn } from "@penstock/contracts";
import { QueryFailed } from "../errors.ts";
import { cardPrelude, duckdbPrelude, FINDS_CARDS } from "../prelude/duckdb.ts";
import { text } from "../sql/quote.ts";
import { duckFailure } from "./failures.ts";
import { plainValue, type Row } from "./rows.ts";

/** A DuckDB of one's own, with the prelude's macros. Close it, or hold it with `await using`. */
export interface DuckSession extends AsyncDisposable {
  /** Whether a query of one table without ORDER BY gives its rows as they were inserted. */
  readonly keepsOrder: boolean;
  /** Runs statements of DuckDB's dialect. */
  run(sql: string): Promise<void>;
  /** Runs a query of DuckDB's dialect; its rows in record form (see {@link Row}). For results that fit in memory. */
  rows(sql: string): Promise<Row[]>;
  /** Hands over the rows of a query in parts of about two thousand, for results that are too many to stand in memory as rows. */
  parts(sql: string): AsyncIterable<Row[]>;
  /**
   * Runs queries that do not depend on each other, one more at once than the session has threads; their rows, in the order
   * of the queries. For many that are each too small for two threads.
   */
  all(queries: readonly string[]): Promise<Row[][]>;
  /** Runs a query beside those that run, as one of so many at once as {@link DuckSession.all}, and before what waits there. */
  next(sql: string): Promise<Row[]>;
  /** Columns of a view or table in their order, with the types as DuckDB writes them. */
  describe(view: string): Promise<PhysicalColumn[]>;
  /** Waits for the queries that run, then closes. */
  close(): Promise<void>;
}

/** What a session may use. */
export interface SessionOptions {
  /** DuckDB's own limit in MB. The process takes some 300 MB on top of it: Node, the transpiler, what DuckDB does not count. */
  readonly memoryMb: number;
  readonly threads: number;
  /** Where it spills what does not fit; made when absent. */
  readonly tempDirectory: string;
  /** When given, SQL can read and write files in these folders (and the temporary one) only. */
  readonly directories?: readonly string[];
  /** Whether a query of one table without ORDER BY gives its rows as they were inserted, on any threads; off when absent. */
  readonly keepsOrder?: boolean;
}

/**
 * Opens a session. No extension is loaded or fetched: Parquet, JSON and CSV are built in, and nothing else is used, so
 * that no query reaches the network. The settings cannot be changed afterwards, not by a query either.
 */
export async function openSession(options: SessionOptions): Promise<DuckSession> {
  const { memoryMb, threads, tempDirectory, directories, keepsOrder = false } = options;
  await mkdir(tempDirectory, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryMb}MB`,
    threads: String(threads),
    temp_directory: tempDirectory,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    // Where rows are ordered by each query that counts, keeping the order of files would buffer whole row groups.
    preserve_insertion_order: String(keepsOrder),
    // A checkpoint of tables in memory saves nothing, and holds one thread while all others wait.
    checkpoint_threshold: "1TB",
    // Files are read once or twice and are in the system's cache: a second copy only takes memory.
    enable_external_file_cache: "false",
  });
  const connection = await instance.connect();
  // One more than there are threads: the last steps of a query leave a thread idle.
  const connections = [connection];
  while (connections.length <= threads) connections.push(await instance.connect());
  // Closing under a running query crashes the process, so every query is waited for.
  const running = new Set<Promise<unknown>>();
  const query = async <Result>(result: Promise<Result>): Promise<Result> => {
    running.add(result);
    return result.catch(duckFailure).finally(() => running.delete(result));
  };
  let cards: Promise<unknown> | undefined;
  /** Starts a statement, the macros that it needs before it; under way for {@link DuckSession.close} from the first moment. */
  const started = <Result>(sql: string, start: () => Promise<Result>): Promise<Result> => {
    if (!FINDS_CARDS.test(sql)) return query(start());
    cards ??= connection.run(cardPrelude.join(";"));
    return query(cards.then(start));
  };
  const run = async (sql: string): Promise<void> => {
    await started(sql, () => connection.run(sql));
  };
  // The machine's own zone must not show in any result.
  for (const each of connections) await query(each.run("SET TimeZone = 'UTC'"));
  await run(duckdbPrelude.join(";"));
  if (directories !== undefined) {
    const allowed = [tempDirectory, ...directories].map(text).join(", ");
    await run(`SET allowed_directories = [${allowed}]`);
    await run("SET enable_external_access = false");
  }
  await run("SET lock_configuration = true");

  const rowsOn = async (of: DuckDBConnection, sql: string): Promise<Row[]> => {
    const reader = await started(sql, () => of.runAndReadAll(sql));
    return reader.convertRowObjects(plainValue);
  };
  const rows = (sql: string): Promise<Row[]> => rowsOn(connection, sql);
  const parts = async function* (sql: string): AsyncGenerator<Row[]> {
    // The engine keeps the whole result, in its own compact form: other queries may run in between.
    const result = await started(sql, () => connection.run(sql));
    yield* result.yieldConvertedRowObjects(plainValue);
  };
  const free = [...connections];
  type Waiting = (connection: DuckDBConnection) => void;
  const first: Waiting[] = [];
  const waiting: Waiting[] = [];
  const onFree = async (queue: Waiting[], sql: string): Promise<Row[]> => {
    const of = free.shift() ?? (await new Promise<DuckDBConnection>((resolve) => queue.push(resolve)));
    try {
      if (!open) throw new QueryFailed("the session was closed before the query's turn came");
      return await rowsOn(of, sql);
    } finally {
      const turn = first.shift() ?? waiting.shift();
      if (turn === undefined) free.push(of);
      else turn(of);
    }
  };
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await Promise.allSettled(running);
    for (const each of connections) each.closeSync();
    instance.closeSync();
  };
  return {
    keepsOrder,
    run,
    rows,
    all: (queries) => Promise.all(queries.map((sql) => onFree(waiting, sql))),
    next: (sql) => onFree(first, sql),
    parts,
    async describe(view) {
      const found = await rows(`DESCRIBE SELECT * FROM ${view}`);
      return found.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
