import { AwsError } from "../../gateway/aws-error.ts";
import type { DeclaredCatalog } from "../../program/catalog.ts";
import { type DatabaseInput, invalidInput, type PartitionInput, type TableInput } from "./shapes.ts";

export interface Partition {
  readonly input: PartitionInput;
  readonly createdAt: Date;
}

export interface Table {
  readonly database: string;
  readonly input: TableInput;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Counts the updates. */
  readonly version: number;
}

export interface Database {
  readonly input: DatabaseInput;
  readonly createdAt: Date;
}

interface TableEntry {
  table: Table;
  readonly partitions: Map<string, Partition>;
}

interface DatabaseEntry {
  database: Database;
  readonly tables: Map<string, TableEntry>;
}

const keyOf = (values: readonly string[]) => JSON.stringify(values);

/**
 * The Glue catalogue: databases, their tables, the tables' partitions. Names of databases and tables are in lower case,
 * whatever the case that they come in. Every method throws EntityNotFoundException for what is not there.
 */
export class GlueCatalog {
  readonly #databases = new Map<string, DatabaseEntry>();

  constructor({ databases, tables }: DeclaredCatalog) {
    for (const input of databases) this.createDatabase(input);
    for (const { database, input } of tables) this.createTable(database, input);
  }

  /** @throws {AwsError} AlreadyExistsException */
  createDatabase(input: DatabaseInput): void {
    if (this.#databases.has(input.Name)) throw exists("Database");
    this.#databases.set(input.Name, { database: { input, createdAt: new Date() }, tables: new Map() });
  }

  database(name: string): Database {
    return this.#entryOf(name).database;
  }

  databases(): Database[] {
    return [...this.#databases.values()].map(({ database }) => database);
  }

  updateDatabase(name: string, input: DatabaseInput): void {
    const entry = this.#entryOf(name);
    entry.database = { ...entry.database, input: { ...input, Name: entry.database.input.Name } };
  }

  /** With its tables. */
  deleteDatabase(name: string): void {
    this.#databases.delete(this.database(name).input.Name);
  }

  /** @throws {AwsError} AlreadyExistsException */
  createTable(database: string, input: TableInput): void {
    const { tables, database: owner } = this.#entryOf(database);
    if (tables.has(input.Name)) throw exists("Table");
    const now = new Date();
    const table = { database: owner.input.Name, input, createdAt: now, updatedAt: now, version: 0 };
    tables.set(input.Name, { table, partitions: new Map() });
  }

  table(database: string, name: string): Table {
    return this.#tableEntry(database, name).table;
  }

  tables(database: string): Table[] {
    return [...this.#entryOf(database).tables.values()].map(({ table }) => table);
  }

  /** Replaces all that is known of the table, but for its partitions. */
  updateTable(database: string, input: TableInput): void {
    const entry = this.#tableEntry(database, input.Name);
    const { table } = entry;
    entry.table = { ...table, input, updatedAt: new Date(), version: table.version + 1 };
  }

  /** With its partitions. */
  deleteTable(database: string, name: string): void {
    const { input } = this.table(database, name);
    this.#entryOf(database).tables.delete(input.Name);
  }

  /** @throws {AwsError} AlreadyExistsException, InvalidInputException */
  createPartition(database: string, table: string, input: PartitionInput): void {
    const { partitions, table: owner } = this.#tableEntry(database, table);
    const { length } = owner.input.PartitionKeys;
    if (length === 0) throw invalidInput(`Table ${owner.input.Name} is not a partitioned table`);
    if (input.Values.length !== length)
      throw invalidInput("The number of partition keys do not match the number of partition values");
    if (partitions.has(keyOf(input.Values))) throw exists("Partition");
    partitions.set(keyOf(input.Values), { input, createdAt: new Date() });
  }

  partition(database: string, table: string, values: readonly string[]): Partition {
    const found = this.#tableEntry(database, table).partitions.get(keyOf(values));
    if (found === undefined) throw notFound("Cannot find partition.");
    return found;
  }

  partitions(database: string, table: string): Partition[] {
    return [...this.#tableEntry(database, table).partitions.values()];
  }

  /** The new input may have other values. @throws {AwsError} AlreadyExistsException, InvalidInputException */
  updatePartition(database: string, table: string, values: readonly string[], input: PartitionInput): void {
    const { createdAt } = this.partition(database, table, values);
    const { partitions } = this.#tableEntry(database, table);
    if (keyOf(values) !== keyOf(input.Values)) {
      this.createPartition(database, table, input);
      partitions.delete(keyOf(values));
    }
    partitions.set(keyOf(input.Values), { input, createdAt });
  }

  deletePartition(database: string, table: string, values: readonly string[]): void {
    this.partition(database, table, values);
    this.#tableEntry(database, table).partitions.delete(keyOf(values));
  }

  #entryOf(name: string): DatabaseEntry {
    const found = this.#databases.get(name.toLowerCase());
    if (found === undefined) throw notFound(`Database ${name.toLowerCase()} not found.`);
    return found;
  }

  #tableEntry(database: string, name: string): TableEntry {
    const found = this.#entryOf(database).tables.get(name.toLowerCase());
    if (found === undefined) throw notFound(`Table ${name.toLowerCase()} not found.`);
    return found;
  }
}

function exists(what: string): AwsError {
  return new AwsError("AlreadyExistsException", `${what} already exists.`);
}

function notFound(message: string): AwsError {
  return new AwsError("EntityNotFoundException", message);
}
