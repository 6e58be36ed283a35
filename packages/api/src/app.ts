import type { Caller } from "@penstock/contracts";
import { Hono } from "hono";
import { readJson, requireSmall } from "./json-body.ts";
import { openApi } from "./openapi.ts";
import { Problem } from "./problem.ts";
import { problemOf } from "./problem-of.ts";
import { type Incoming, type Route, type Services, withoutSlash } from "./route.ts";
import { routes } from "./routes/index.ts";

/** What is known of a request besides itself: the authorizer has checked the token before. */
export interface Surroundings {
  /** Scopes of the caller's token; undefined: there is no token. */
  readonly scopes: readonly string[] | undefined;
  readonly requestId: string | undefined;
  /** Who asks, by the token; undefined where it does not say, or there is none. */
  readonly caller: Caller | undefined;
  /** When the request came to API Gateway, in milliseconds since the epoch. */
  readonly arrivedAt: number;
}

export interface AppOptions extends Omit<Services, "document"> {
  /** Told of every failure that is a fault of ours. */
  readonly onFault: (error: unknown, requestId: string | undefined) => void;
}

/** The API as a web application: a `Request` in, a `Response` out. */
export function createApp(options: AppOptions): Hono<{ Bindings: Surroundings }> {
  // With a slash at a path's end or without.
  const app = new Hono<{ Bindings: Surroundings }>({ strict: false });
  const { onFault, ...reached } = options;
  const services: Services = { ...reached, document: openApi(routes) };
  for (const route of routes) {
    app.on(route.method, withoutSlash(route.path).replaceAll(/\{(\w+)\}/g, ":$1"), async (context) => {
      const { req } = context;
      requireScope(route, context.env.scopes);
      const body = await req.arrayBuffer();
      requireSmall(body, route.bodyLimitBytes);
      const incoming: Incoming = {
        params: req.param(),
        query: once(req.queries()),
        header: (name) => req.header(name),
        caller: context.env.caller,
        arrivedAt: context.env.arrivedAt,
        json: () => readJson(body),
      };
      const { status, body: answer, headers } = await route.serve(incoming, services);
      if (status === 304) return context.body(null, status, { ...headers });
      return context.json(answer, status, { ...headers });
    });
  }
  app.notFound(({ req, env }) => {
    const known = routes.map((route) => `${route.method} ${route.path}`).join(", ");
    return problemResponse(
      new Problem("not-found", `There is no ${req.method} ${req.path}. There are: ${known}.`),
      env.requestId,
    );
  });
  app.onError((error, { env }) => {
    const problem = problemOf(error);
    if (problem.status >= 500) onFault(error, env.requestId);
    return problemResponse(problem, env.requestId);
  });
  return app;
}

/** Query parameters by name. One that is given twice is refused: whichever were taken, the other would be ignored. */
function once(queries: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const fields = Object.entries(queries)
    .filter(([, values]) => values.length > 1)
    .map(([field]) => ({ field, detail: "It is given more than once. Give it once." }));
  if (fields.length > 0) {
    const names = fields.map(({ field }) => field).join(", ");
    throw new Problem("invalid-input", `Given more than once: ${names}.`, { fields });
  }
  return Object.fromEntries(Object.entries(queries).map(([name, [value = ""]]) => [name, value]));
}

/**
 * API Gateway has checked the token and its scopes already, by the same table. Checked again, so that a route whose
 * authorizer is lost in the deployment lets nobody in.
 */
function requireScope({ scopes }: Route, given: readonly string[] | undefined): void {
  if (scopes.length === 0) return;
  if (given === undefined) {
    throw new Problem("unauthorized", "Send an access token as `Authorization: Bearer …`.", {
      headers: { "www-authenticate": "Bearer" },
    });
  }
  if (scopes.some((scope) => given.includes(scope))) return;
  throw new Problem(
    "forbidden",
    `The token needs the scope ${scopes.join(" or ")}. It has: ${given.join(" ") || "none"}.`,
    {
      headers: { "www-authenticate": `Bearer error="insufficient_scope", scope="${scopes.join(" ")}"` },
    },
  );
}

function problemResponse(problem: Problem, requestId: string | undefined): Response {
  return new Response(JSON.stringify(problem.document(requestId)), {
    status: problem.status,
    headers: { ...problem.headers, "content-type": "application/problem+json" },
  });
}
