import runtime from "../../packages/runtime/package.json" with { type: "json" };

/**
 * Native code and WebAssembly cannot be bundled. At the versions that are tested: SST looks for them in the handler's
 * own package, and would install the newest.
 */
const versions = runtime.dependencies;

/** To read and translate SQL. */
export const transpiler = { "@polyglot-sql/sdk": versions["@polyglot-sql/sdk"] };

/** To run it as well. */
export const sqlPackages = { "@duckdb/node-api": versions["@duckdb/node-api"], ...transpiler };
