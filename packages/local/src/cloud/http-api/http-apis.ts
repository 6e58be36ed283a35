import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Clock } from "../../engine/index.ts";
import type { ResourceGraph } from "../../render/graph.ts";
import { type Listening, listen } from "../gateway/listen.ts";
import type { Functions } from "../lambda/lambda-service.ts";
import type { Permissions } from "../permissions/index.ts";
import { Authorizers } from "./authorize.ts";
import { ISSUER_PATH, LocalIssuer } from "./local-issuer.ts";
import { httpApis } from "./read-apis.ts";
import { serveApi } from "./serve-api.ts";
import { type PoolClient, userPools } from "./user-pools.ts";

/** Where a local user pool gives tokens, and to whom. Its secrets are made up by the renderer and open nothing else. */
export interface IssuerDescription {
  readonly url: string;
  readonly clients: readonly PoolClient[];
}

/** The program's HTTP APIs while they are served. */
export interface HttpApis {
  /** Base URLs by name in the program. */
  readonly apis: Readonly<Record<string, string>>;
  /** By the pool's name in the program. */
  readonly issuers: Readonly<Record<string, IssuerDescription>>;
  close(): Promise<void>;
}

interface HttpApisOptions {
  readonly functions: Functions;
  readonly permissions: Permissions;
  readonly clock: Clock;
  /** Of the first API on 127.0.0.1, the others count on from there; 0 takes any that are free. */
  readonly port: number;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Serves every HTTP API of the program on a port of its own, as API Gateway would at a domain of its own. The user
 * pools' stand-ins answer beside the first one, under {@link ISSUER_PATH}.
 * @throws {PortTaken}
 */
export async function openHttpApis(graph: ResourceGraph, options: HttpApisOptions): Promise<HttpApis> {
  const { functions, permissions, clock } = options;
  const found = httpApis(graph);
  const handlers: Handler[] = [];
  const doors: { endpoint: string; close: () => Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(doors.map((door) => door.close()));
  };
  try {
    for (const index of found.keys()) {
      const port = options.port === 0 ? 0 : options.port + index;
      doors.push(await serve(port, async (request, response) => handlers[index]?.(request, response)));
    }
    const [first] = doors;
    const pools = first === undefined ? [] : userPools(graph);
    const issuers = pools.map((pool) => new LocalIssuer(pool, first?.endpoint ?? "", clock));
    const authorizers = new Authorizers(new Map(issuers.map(({ pool, url }) => [pool.issuer, url])), clock);
    for (const api of found) {
      const mayInvoke = (functionArn: string, routeKey: string) => {
        const [method, path = ""] = routeKey.split(" ");
        const sourceArn = `arn:aws:execute-api:${graph.region}:${graph.account}:${api.id}/$default/${method}${path}`;
        const demand = { action: "lambda:InvokeFunction", resource: functionArn };
        return permissions.admits({ name: "apigateway.amazonaws.com", sourceArn }, demand);
      };
      const serving = { api, account: graph.account, authorizers, functions, mayInvoke, clock };
      handlers.push((request, response) => {
        const [path = ""] = (request.url ?? "").split("?", 1);
        const issuer = issuers.find(({ pool }) => path.startsWith(`${ISSUER_PATH}${pool.id}/`));
        if (issuer !== undefined) return issuer.handle(request, response, path);
        return serveApi(serving, request, response);
      });
    }
    return {
      apis: Object.fromEntries(found.map(({ name }, index) => [name, doors[index]?.endpoint ?? ""])),
      issuers: Object.fromEntries(
        issuers.map(({ pool, url }) => [pool.name, { url, clients: pool.clients }]),
      ),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function serve(port: number, handle: Handler): Promise<Listening> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    // A caller that goes away must not take the cloud with it.
    request.on("error", () => {});
    response.on("error", () => {});
    handle(request, response).catch(() => response.destroy());
  });
  return listen(server, port);
}
