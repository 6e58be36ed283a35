import * as v from "valibot";
import { AwsError } from "../../gateway/aws-error.ts";
import type { Action, Parameters } from "../../gateway/json-service.ts";
import type { Database, GlueCatalog, Table } from "./glue-catalog.ts";
import { page } from "./pages.ts";
import { DatabaseInput, invalidInput, shaped, TableInput } from "./shapes.ts";

const Name = v.pipe(v.string(), v.minLength(1));
/** Glue's quota of tables in one request. */
const MOST_TABLES = 100;

/** A parameter that names something. @throws {AwsError} InvalidInputException */
export const nameIn = (parameters: Parameters, name: string): string => shaped(Name, parameters[name], name);

/** Glue's JSON has instants as seconds since the epoch. */
export function seconds(date: Date): number {
  return date.getTime() / 1000;
}

/** What one part of a batch came to grief on. @throws whatever is no error of AWS's */
export function errorDetail(thrown: unknown): { ErrorCode: string; ErrorMessage: string } {
  if (!(thrown instanceof AwsError)) throw thrown;
  return { ErrorCode: thrown.code, ErrorMessage: thrown.message };
}

/** Actions on databases and tables. @param account the catalogue's id */
export function tableActions(catalog: GlueCatalog, account: string): Readonly<Record<string, Action>> {
  const database = ({ input, createdAt }: Database) => ({
    ...input,
    CreateTime: seconds(createdAt),
    CatalogId: account,
  });
  const table = ({ input, database: DatabaseName, createdAt, updatedAt, version }: Table) => ({
    ...input,
    DatabaseName,
    CreateTime: seconds(createdAt),
    UpdateTime: seconds(updatedAt),
    VersionId: String(version),
    IsRegisteredWithLakeFormation: false,
    CatalogId: account,
  });
  return {
    CreateDatabase: ({ DatabaseInput: input }) => {
      catalog.createDatabase(shaped(DatabaseInput, input, "DatabaseInput"));
    },
    GetDatabase: (parameters) => ({ Database: database(catalog.database(nameIn(parameters, "Name"))) }),
    GetDatabases: (parameters) => {
      const { items, ...more } = page(catalog.databases().map(database), parameters, MOST_TABLES);
      return { DatabaseList: items, ...more };
    },
    UpdateDatabase: (parameters) => {
      const input = shaped(DatabaseInput, parameters.DatabaseInput, "DatabaseInput");
      catalog.updateDatabase(nameIn(parameters, "Name"), input);
    },
    DeleteDatabase: (parameters) => catalog.deleteDatabase(nameIn(parameters, "Name")),
    CreateTable: (parameters) => {
      const input = shaped(TableInput, parameters.TableInput, "TableInput");
      catalog.createTable(nameIn(parameters, "DatabaseName"), input);
    },
    GetTable: (parameters) => ({
      Table: table(catalog.table(nameIn(parameters, "DatabaseName"), nameIn(parameters, "Name"))),
    }),
    GetTables: (parameters) => {
      const named = patternIn(parameters);
      const found = catalog
        .tables(nameIn(parameters, "DatabaseName"))
        .filter(({ input }) => named(input.Name));
      const { items, ...more } = page(found.map(table), parameters, MOST_TABLES);
      return { TableList: items, ...more };
    },
    UpdateTable: (parameters) => {
      const input = shaped(TableInput, parameters.TableInput, "TableInput");
      catalog.updateTable(nameIn(parameters, "DatabaseName"), input);
    },
    DeleteTable: (parameters) =>
      catalog.deleteTable(nameIn(parameters, "DatabaseName"), nameIn(parameters, "Name")),
    BatchDeleteTable: (parameters) => {
      const from = nameIn(parameters, "DatabaseName");
      catalog.database(from);
      const Names = v.pipe(v.array(Name), v.maxLength(MOST_TABLES));
      const names = shaped(Names, parameters.TablesToDelete, "TablesToDelete");
      const Errors = names.flatMap((TableName) => {
        try {
          catalog.deleteTable(from, TableName);
          return [];
        } catch (thrown) {
          return [{ TableName, ErrorDetail: errorDetail(thrown) }];
        }
      });
      return { Errors };
    },
  };
}

/** GetTables' `Expression`: a regular expression for whole names. */
function patternIn({ Expression }: Parameters): (name: string) => boolean {
  if (typeof Expression !== "string" || Expression === "") return () => true;
  try {
    const pattern = new RegExp(`^(?:${Expression})$`, "i");
    return (name) => pattern.test(name);
  } catch {
    throw invalidInput(`Expression is no regular expression: ${Expression}`);
  }
}
