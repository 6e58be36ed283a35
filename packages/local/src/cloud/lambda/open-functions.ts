import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../engine/index.ts";
import type { ResourceGraph } from "../../render/graph.ts";
import type { LocalModel } from "../bedrock/conversation.ts";
import { openOpenAiService } from "../bedrock/openai-service.ts";
import type { CloudOptions } from "../cloud.ts";
import type { CredentialIssuer } from "../gateway/credentials.ts";
import { httpApis } from "../http-api/read-apis.ts";
import { type Outside, openOutside } from "../outside.ts";
import type { ProcessKeeper } from "../process-keeper.ts";
import { FunctionFleet } from "./function-fleet.ts";
import { Functions } from "./lambda-service.ts";
import { localFunction } from "./local-function.ts";

/** Requests to HTTP APIs that are answered at the same time. */
const HTTP_AT_ONCE = 8;

interface FunctionSides {
  readonly endpoint: string;
  readonly credentials: CredentialIssuer;
  readonly clock: Clock;
  readonly keeper: ProcessKeeper;
  /** Holds the sandboxes' `/tmp`. */
  readonly temporary: string;
  /** Where the cloud keeps what it keeps. */
  readonly data: string;
  readonly languageModel: LocalModel;
  /** Told how to undo what is opened; the fleet is its caller's to end. */
  readonly undo: (() => unknown)[];
}

/** The program's functions, and what they reach beside AWS: OpenAI's stand-in, and what is out on the internet. @throws {PortTaken} */
export async function openFunctions(
  graph: ResourceGraph,
  options: CloudOptions,
  sides: FunctionSides,
): Promise<{ fleet: FunctionFleet; functions: Functions; outside: Outside }> {
  const { region, account } = graph;
  const { endpoint, credentials, clock, keeper, undo } = sides;
  const fleet = new FunctionFleet({
    keeper,
    clock,
    concurrency: options.functionsAtOnce ?? Math.max(2, availableParallelism()),
    httpConcurrency: HTTP_AT_ONCE,
    temporaryDirectory: join(sides.temporary, "sandboxes"),
    logDirectory: options.dataDirectory === undefined ? undefined : join(sides.data, "logs"),
  });
  const openAi = await openOpenAiService(sides.languageModel);
  undo.push(() => openAi.close());
  const outside = await openOutside(graph, {
    endpoint,
    region,
    credentials,
    // The gateway has the first, then come the HTTP APIs.
    port: options.port ? options.port + 1 + httpApis(graph).length : 0,
    youtubeMs: options.delays?.youtubeMs,
  });
  undo.push(outside.close);
  const place = {
    root: options.root,
    endpoint,
    credentials,
    openAiUrl: `${openAi.endpoint}/v1`,
    linked: outside.local,
  };
  const functions = new Functions(
    graph.functions.map((each) => localFunction(each, graph, place)),
    fleet,
    { region, account, clock },
  );
  return { fleet, functions, outside };
}
