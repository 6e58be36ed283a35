import runtime from "../../packages/runtime/package.json" with { type: "json" };

/**
 * Native code and WebAssembly cannot be bundled. At the versions that are tested: SST looks for them in the handler's
 * own package, and would install the newest.
 */
export const sqlPackages = {
  "@duckdb/node-api": runtime.dependencies["@duckdb/node-api"],
  "@polyglot-sql/sdk": runtime.dependencies["@polyglot-sql/sdk"],
};
