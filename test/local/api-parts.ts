import * as graph from "./small-graph.ts";

export const POOL = "us-east-1_pool";
const ISSUER = `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`;

/** A part of the API `api`. */
const part = (type: string, name: string, inputs: Record<string, unknown>) =>
  graph.resource(`aws:apigatewayv2/${type}`, name, { apiId: "api", ...inputs });

/** The API `api` with a route to a function: for everybody, or for tokens of these clients that have a scope. */
export function apiTo(
  name: string,
  routeKey: string,
  tokens?: { readonly audiences: readonly string[]; readonly scope: string },
) {
  const integrationUri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${graph.functionArn(name)}/invocations`;
  const guarded = tokens && {
    authorizationType: "JWT",
    authorizerId: "tokens",
    authorizationScopes: [tokens.scope],
  };
  return [
    graph.resource(
      "aws:apigatewayv2/api:Api",
      "api",
      { name: "api" },
      { apiEndpoint: "https://api.example.com" },
    ),
    part("stage:Stage", "stage", { name: "$default" }),
    part("integration:Integration", `to-${name}`, { integrationUri }),
    part("route:Route", routeKey, { routeKey, target: `integrations/to-${name}`, ...guarded }),
    ...(tokens === undefined
      ? []
      : [
          part("authorizer:Authorizer", "tokens", {
            jwtConfiguration: { issuer: ISSUER, audiences: tokens.audiences },
          }),
        ]),
    graph.resource("aws:lambda/permission:Permission", `${name}-permission`, {
      function: name,
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
    }),
  ];
}

/** The pool that gives tokens for it, with clients: those without a secret are apps. */
export function pool(
  clients: Readonly<Record<string, { readonly secret: boolean; readonly scopes: string[] }>>,
) {
  return [
    graph.resource(
      "aws:cognito/userPool:UserPool",
      POOL,
      { name: "pool" },
      { endpoint: ISSUER.slice("https://".length) },
    ),
    ...Object.entries(clients).map(([name, { secret, scopes }]) =>
      graph.resource(
        "aws:cognito/userPoolClient:UserPoolClient",
        name,
        { userPoolId: POOL, generateSecret: secret, allowedOauthScopes: scopes },
        { clientSecret: `${name}-secret` },
      ),
    ),
  ];
}
