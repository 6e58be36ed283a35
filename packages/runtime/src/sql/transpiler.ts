import { setFlagsFromString } from "node:v8";

/**
 * The transpiler is one WebAssembly module of 22 MB. Left alone, V8 compiles all of it again with its optimising
 * compiler in the background: measured, 250 to 650 MB of resident memory and several times the time, for the dozen
 * short queries of a task. The baseline code is enough (60 MB). Set before the module is loaded, hence the dynamic
 * import; flags of tiering take effect for what is compiled after them.
 */
setFlagsFromString("--no-wasm-tier-up");
setFlagsFromString("--no-wasm-dynamic-tiering");

const { ast, Dialect, generate, parse, tokenize, transpile } = await import("@polyglot-sql/sdk");

export { ast, Dialect, generate, parse, tokenize, transpile };
