export {
  type CompiledRule,
  type CompiledTable,
  compileTable,
  type DecodedColumn,
} from "./compile/compile-table.ts";
export { type GlueColumn, type GlueTable, glueColumns, glueTable } from "./compile/glue.ts";
export { type ContractJsonSchema, jsonSchema } from "./compile/json-schema.ts";
export { type PhysicalColumn, type PhysicalMismatch, physicalMismatch } from "./compile/physical.ts";
export { sqlType } from "./compile/read-cell.ts";
export type {
  Column,
  Comparison,
  Contract,
  LogicalType,
  Reference,
  RowRule,
  SensitiveClass,
  Source,
} from "./contract.ts";
export { IncompatibleColumns, InvalidContract, UnsupportedAction } from "./errors.ts";
export { brokenRules } from "./records/broken-rules.ts";
export { decodeRecord } from "./records/decode-record.ts";
export { type ResolvedSource, resolveSource } from "./resolve-source.ts";
export { type TableContract, type TableDefinition, table } from "./table.ts";
export { contractFor, contracts, type TableName } from "./tables/contracts.ts";
export { type TableRule, tableRules } from "./tables/table-rules.ts";
