import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, bytes, copyPackages, installForLambda, nameOf } from "./lambda-package.ts";
import { graph, root } from "./rendered.ts";

const MEBIBYTE = 1024 ** 2;
/** Lambda's limit for a function's unpacked code. */
const LIMIT = 250 * MEBIBYTE;

/** Outside of the repository: what a bundle has forgotten is not found by accident. */
const folder = mkdtempSync(path.join(tmpdir(), "penstock-bundles-"));
const install = [...new Set(graph.functions.flatMap((each) => each.install))].sort();
const manifest = JSON.parse(readFileSync(path.join(root, "packages/runtime/package.json"), "utf8"));

beforeAll(() => copyPackages(install, folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program in a Node process of its own, which knows nothing but what it is given. */
function run(program: string, environment: Record<string, string> = {}): string {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: folder,
    encoding: "utf8",
    env: { AWS_REGION: "us-east-1", AWS_LAMBDA_FUNCTION_NAME: "test", ...environment },
  });
  return /^ANSWER (.*)$/m.exec(stdout)?.[1] ?? stderr;
}

/** What a handler answers to an event that it does not know; the API's is asked for its own description. */
const askings: Record<string, { event: object; answer: string }> = {
  Api: {
    event: {
      version: "2.0",
      rawPath: "/openapi.json",
      rawQueryString: "",
      headers: {},
      isBase64Encoded: false,
      requestContext: { requestId: "r", domainName: "localhost", http: { method: "GET" } },
    },
    answer: "200",
  },
};
const asTask = { event: { no: "such field" }, answer: "InvalidInput" };

describe.each(graph.functions)("$name", (fn) => {
  const asking = askings[fn.name] ?? asTask;
  const target = path.join(folder, fn.name);
  const handler = fn.handler.slice(fn.handler.lastIndexOf(".") + 1);
  let file: string;
  beforeAll(async () => {
    file = await bundle(
      { entryPoints: [`${fn.handler.slice(0, -handler.length - 1)}.ts`] },
      [...fn.install.map(nameOf), ...fn.external],
      target,
    );
  });

  it("is bundled as SST does, and its bundle works outside of the repository", () => {
    const links = Object.entries(fn.links).map(([name, value]) => [
      `SST_RESOURCE_${name}`,
      JSON.stringify(value),
    ]);

    const answer = run(
      `const { ${handler}: call } = await import(${JSON.stringify(file)});
      const answer = await call(${JSON.stringify(asking.event)}, {}).then((done) => done.statusCode ?? "accepted", (error) => error.name);
      process.stdout.write("\\nANSWER " + answer + "\\n");`,
      Object.fromEntries(links),
    );

    expect(answer, "the handler itself answers").toBe(asking.answer);
  });

  it("installs what cannot be bundled, and DuckDB only where it is loaded, at the very versions that are tested here", () => {
    const code = readFileSync(file, "utf8");
    const pinned = (name: string) => `${name}@${manifest.dependencies[name]}`;
    const [engine, transpiler] = ["@duckdb/node-api", "@polyglot-sql/sdk"].map((name) => ({
      spec: pinned(name),
      loaded: code.includes(`"${name}"`),
    }));

    expect(fn.install.includes(engine?.spec ?? "")).toBe(engine?.loaded);
    if (transpiler?.loaded) expect(fn.install).toContain(transpiler.spec);
    expect([engine?.spec, transpiler?.spec]).toEqual(expect.arrayContaining(fn.install));
  });

  it("fits into Lambda with what is installed beside it for Lambda's processor", () => {
    const packages =
      fn.install.length === 0 ? 0 : bytes(path.join(installForLambda(fn.install), "node_modules"));

    expect(bytes(file) + packages).toBeLessThan(LIMIT);
  });
});

it("DuckDB, the SQL transpiler and the macros work from a bundle", async () => {
  const contents = `
    import { openSession, toEngine } from "@penstock/runtime";
    await using session = await openSession({ memoryMb: 256, threads: 1, tempDirectory: "spill" });
    const rows = await session.rows(toEngine("SELECT mask_pan('4111111111111111') AS masked", "duckdb"));
    process.stdout.write("\\nANSWER " + rows[0].masked + "\\n");`;
  const file = await bundle(
    { stdin: { contents, resolveDir: path.join(root, "packages/lake/src"), loader: "ts" } },
    install.map(nameOf),
    path.join(folder, "query"),
  );

  expect(run(`await import(${JSON.stringify(file)});`)).toBe("************1111");
});
