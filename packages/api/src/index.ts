/**
 * The HTTP API: what it can do is the table of routes. The domain behind them is `@penstock/runtime/executions`, which
 * the command line shares.
 *
 * **A new route** is a file in `routes/` and its line in `routes/index.ts`. From it come the app's handler, the
 * description at `/openapi.json`, and API Gateway's route with its scopes (`stacks/api.ts`).
 */
export { createApp } from "./app.ts";
export { BODY_LIMIT_BYTES } from "./json-body.ts";
export { openApi } from "./openapi.ts";
export { ProblemDocument } from "./problem.ts";
export { routeKeys } from "./route.ts";
export { routes } from "./routes/index.ts";
export { resourceServer, type Scope, scopes } from "./scopes.ts";
