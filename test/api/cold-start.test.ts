import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { root } from "../local/small-graph.ts";

/** Imports the handler in a process of its own, answers a request and prints every module that was loaded by then. */
const program = `
import { registerHooks } from "node:module";
const urls = [];
registerHooks({ resolve(name, context, next) { const found = next(name, context); urls.push(found.url); return found; } });
const { handler } = await import(process.argv[1]);
const answer = await handler({
  version: "2.0", rawPath: "/openapi.json", rawQueryString: "", headers: {}, isBase64Encoded: false,
  requestContext: { requestId: "r", domainName: "localhost", timeEpoch: 0, http: { method: "GET" } },
});
console.log(JSON.stringify({ status: answer.statusCode, urls }));
`;

it("a request that reads no analytics waits for no engine, no copilot, no tables of people, nothing of campaigns and no client of S3, SQS or Kinesis", () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", program, pathToFileURL(`${root}/packages/api/src/handler.ts`).href],
    {
      cwd: root,
      encoding: "utf8",
      env: { AWS_REGION: "us-east-1", SST_RESOURCE_Pipelines: JSON.stringify({ machines: {} }) },
    },
  );

  expect(stderr).toBe("");
  const { status, urls }: { status: number; urls: string[] } = JSON.parse(stdout);
  expect(status).toBe(200);
  expect(urls.some((url) => url.includes("/client-sfn/"))).toBe(true);
  const heavy =
    /\/(duckdb|@duckdb|@polyglot-sql|hyparquet|client-s3|client-athena|client-dynamodb|client-kinesis|s3-request-presigner|packages\/dna|packages\/assets|packages\/campaign|client-sqs|s3-presigned-post|image-size|aws-lambda-powertools|copilot)\//;
  expect(urls.filter((url) => heavy.test(url))).toEqual([]);
});
