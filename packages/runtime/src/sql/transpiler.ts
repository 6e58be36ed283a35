import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";

/**
 * The transpiler is one WebAssembly module of 22 MB, of which the dozen short queries of a task use little. Left alone, V8
 * looks at all of it when it is loaded, and compiles all of it again with its optimising compiler in the background:
 * measured, 250 to 650 MB of resident memory and several times the time. Functions are looked at when they are called
 * instead, and the baseline code is enough. Set before the module is loaded; flags of tiering take effect for what is
 * compiled after them.
 */
setFlagsFromString("--wasm-lazy-validation");
setFlagsFromString("--no-wasm-tier-up");
setFlagsFromString("--no-wasm-dynamic-tiering");

/**
 * The package for `require` reads the module from its file; the one for `import` fetches it, for which Node loads its whole
 * HTTP client. Measured, of a process that starts: 0.07 s of processor time and 100 MB at most instead of 0.58 s and 159 MB.
 */
const transpiler: typeof import("@polyglot-sql/sdk") = createRequire(import.meta.url)("@polyglot-sql/sdk");
await transpiler.init();

export const { ast, Dialect, generate, parse, tokenize, transpile } = transpiler;
