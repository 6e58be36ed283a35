import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import * as v from "valibot";

/** What the platform asks for when it wants a function's code built. */
const Build = v.object({
  functionID: v.string(),
  handler: v.string(),
  links: v.record(v.string(), v.record(v.string(), v.unknown())),
  properties: v.nullish(
    v.object({
      install: v.nullish(v.record(v.string(), v.string())),
      esbuild: v.nullish(v.object({ external: v.nullish(v.array(v.string())) })),
    }),
  ),
});
export type Build = v.InferOutput<typeof Build>;

const Call = v.object({ method: v.string(), params: v.tuple([v.unknown()]) });

/**
 * The host that the SST platform expects behind `SST_SERVER`: JSON-RPC over loopback. It builds nothing; it writes
 * down what it is asked to build and answers with a stub, since bundling has a test of its own.
 */
export async function openBuildHost(directory: string) {
  const builds: Build[] = [];
  const out = path.join(directory, "stub");
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, "bundle.mjs"), "export const handler = () => {};\n");

  function answer(method: string, parameters: unknown): { result: unknown } | { error: string } {
    if (method === "Provider.Aws.Bootstrap") return { result: bootstrap };
    if (method !== "Runtime.Build") return { error: `rpc: can't find method ${method}` };
    const build = v.parse(Build, parameters);
    builds.push(build);
    return { result: { handler: "bundle.handler", out, errors: [], sourcemaps: [] } };
  }

  const server = http.createServer(async (request, response) => {
    // Without keep-alive nothing stays open once the program has its answers, so its process can end by itself.
    response.setHeader("connection", "close");
    try {
      const { method, params } = v.parse(Call, JSON.parse(await text(request)));
      response.end(JSON.stringify(answer(method, params[0])));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The build host has no port.");
  return { url: `http://127.0.0.1:${address.port}`, builds, close: () => server.close() };
}

/** Names of what `sst deploy` bootstraps in an account before the first deployment. */
const bootstrap = {
  asset: "sst-asset-local",
  assetEcrRegistryId: "000000000000",
  assetEcrUrl: "000000000000.dkr.ecr.us-east-1.amazonaws.com/sst-asset",
  state: "sst-state-local",
  appsyncHttp: "",
  appsyncRealtime: "",
};
