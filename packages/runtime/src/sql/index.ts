/** Reading and checking SQL without an engine: for functions that load no DuckDB. */
export { identifier, text } from "./quote.ts";
export { isNode, type Node } from "./restrictions.ts";
export { toEngine } from "./to-engine.ts";
export { Dialect, generate, parse } from "./transpiler.ts";
