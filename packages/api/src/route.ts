import type { Caller, InteractionEvent } from "@penstock/contracts";
import type { CopilotOutcome } from "@penstock/copilot";
import type { Executions } from "@penstock/runtime/executions";
import type * as v from "valibot";
import type { Analytics } from "./analytics/analytics.ts";
import type { Assets } from "./assets/assets.ts";
import type { Campaigns } from "./campaigns/campaigns.ts";
import { checked } from "./checked.ts";
import type { Exports } from "./dna/exports.ts";
import type { ReadFeatures } from "./features/read-features.ts";
import type { ProblemKind } from "./problem.ts";
import type { Scope } from "./scopes.ts";

/** What the routes work with. Everything that reaches out of the process, so that tests can pass their own. */
export interface Services {
  readonly executions: Executions;
  /** Loaded when the first request asks for it: the others need not wait for what it is made of. */
  readonly analytics: () => Promise<Analytics>;
  readonly askCopilot: (question: string) => Promise<CopilotOutcome>;
  /** @throws {NotTaken} */
  readonly sendInteractions: (events: readonly InteractionEvent[]) => Promise<void>;
  readonly readFeatures: ReadFeatures;
  /** Loaded when the first request asks for it. */
  readonly exports: () => Promise<Exports>;
  readonly campaigns: () => Promise<Campaigns>;
  readonly assets: () => Promise<Assets>;
  /** The API's own description. */
  readonly document: object;
}

/** A request as a route is given it, not checked yet. */
export interface Incoming {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  header(name: string): string | undefined;
  /** Who asks, by their token alone; undefined where it does not say, or there is none. */
  readonly caller: Caller | undefined;
  /** When the request came, in milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** The body's JSON; `{}` where there is no body. @throws {Problem} */
  json(): unknown;
}

export interface Reply {
  /** 304: what the caller has is what it would be given; without a body. */
  readonly status: 200 | 201 | 202 | 304;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A contract and its name in the API's description. */
export interface NamedContract {
  readonly name: string;
  readonly schema: v.GenericSchema;
}

/** What a route answers when all is well. */
interface Answer<Status extends number> extends NamedContract {
  readonly status: Status;
  readonly description: string;
}

type Parameters = v.StrictObjectSchema<v.ObjectEntries, v.ErrorMessage<v.StrictObjectIssue> | undefined>;

/** Query parameters of which some are known only when the path is. Their names and values are the route's to check. */
type OpenParameters = v.ObjectWithRestSchema<
  v.ObjectEntries,
  v.GenericSchema<string, string>,
  v.ErrorMessage<v.ObjectWithRestIssue> | undefined
>;
export type QueryParameters = Parameters | OpenParameters;

/** One route: all that the app, the description and the deployment need to know of it. */
export interface RouteDefinition<
  Params extends Parameters,
  Query extends QueryParameters,
  Headers extends Parameters,
> {
  readonly method: "GET" | "POST" | "DELETE";
  /** With parameters in braces, as API Gateway and OpenAPI write them: `/api/executions/{id}`. */
  readonly path: `/${string}`;
  /** Names the operation in the description. */
  readonly operation: string;
  readonly summary: string;
  readonly description?: string;
  /** A token needs one of these; none: the route is open to everybody. */
  readonly scopes: readonly Scope[];
  readonly params: Params;
  readonly query: Query;
  /** Headers by their names in lower case. */
  readonly headers: Headers;
  /** What the body may be: one of these. Absent: the route takes no body. */
  readonly body?: readonly NamedContract[];
  /** The longest body, where it is not the usual one. */
  readonly bodyLimitBytes?: number;
  readonly answer: Answer<200 | 201 | 202> & {
    /** What it may answer instead. */
    readonly also?: Answer<202>;
  };
  /** The answer has an entity tag, by which a caller is told that it has not changed. */
  readonly tagged?: true;
  /** Problems of its own, besides those that any route can have. */
  readonly problems: readonly ProblemKind[];
  handle(
    request: {
      readonly params: v.InferOutput<Params>;
      readonly query: v.InferOutput<Query>;
      readonly headers: v.InferOutput<Headers>;
      readonly json: () => unknown;
      readonly caller: Caller | undefined;
      readonly arrivedAt: number;
    },
    services: Services,
  ): Promise<Pick<Reply, "body" | "headers"> & { readonly status?: 202 | 304 }>;
}

/** A route whose requests are checked before it sees them. */
export interface Route extends Omit<RouteDefinition<Parameters, QueryParameters, Parameters>, "handle"> {
  /** @throws {Problem} */
  serve(incoming: Incoming, services: Services): Promise<Reply>;
}

/**
 * A route's keys in API Gateway. HTTP APIs refuse a key that ends in a slash, and nobody promises that they bring a request with one
 * at its end to the key without it: a greedy key takes it, and what else comes there is no route of the app's.
 * Source: https://github.com/storacha/w3infra/pull/166
 */
export function routeKeys({ method, path }: Pick<Route, "method" | "path">): readonly string[] {
  const key = `${method} ${withoutSlash(path)}`;
  return path === withoutSlash(path) ? [key] : [key, `${key}/{slash+}`];
}

/** A path as the app matches it. */
export function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Makes a route of its definition. */
export function route<Params extends Parameters, Query extends QueryParameters, Headers extends Parameters>(
  definition: RouteDefinition<Params, Query, Headers>,
): Route {
  const { handle, ...rest } = definition;
  return {
    ...rest,
    async serve(incoming, services) {
      const { params, query, headers } = definition;
      const sent = Object.keys(headers.entries).flatMap((name) => {
        const value = incoming.header(name);
        return value === undefined ? [] : [[name, value]];
      });
      const request = {
        params: checked(params, incoming.params, "path"),
        query: checked(query, incoming.query, "query"),
        headers: checked(headers, Object.fromEntries(sent), "headers"),
        json: () => incoming.json(),
        caller: incoming.caller,
        arrivedAt: incoming.arrivedAt,
      };
      return { status: definition.answer.status, ...(await handle(request, services)) };
    },
  };
}
