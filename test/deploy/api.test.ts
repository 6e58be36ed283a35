import { describe, expect, it } from "vitest";
import { routes, scopes } from "../../packages/api/src/index.ts";
import { resourcesOf } from "../../packages/local/src/render/index.ts";
import { graph, production, resource } from "./rendered.ts";

const gatewayRoutes = resourcesOf(graph, "aws:apigatewayv2/route:Route").map(({ inputs }) => inputs);
const authorizer = resource(graph, "ApiTokensAuthorizer");

describe("API Gateway", () => {
  it("has the app's routes, each with its scopes, and no other", () => {
    const wanted = routes.map(({ method, path, scopes: needed }) => ({
      routeKey: `${method} ${path}`,
      ...(needed.length > 0
        ? { authorizationType: "JWT", authorizerId: authorizer.id, authorizationScopes: needed }
        : { authorizationType: "NONE" }),
    }));

    expect(gatewayRoutes).toHaveLength(routes.length);
    for (const route of wanted) expect(gatewayRoutes).toContainEqual(expect.objectContaining(route));
  });

  it("lets nobody in without a token but to the description", () => {
    expect(
      gatewayRoutes.flatMap(({ authorizationType, routeKey }) =>
        authorizationType === "NONE" ? [routeKey] : [],
      ),
    ).toEqual(["GET /openapi.json"]);
  });

  it("takes tokens of the user pool for its clients", () => {
    expect(authorizer.inputs.jwtConfiguration).toEqual({
      issuer: `https://cognito-idp.us-east-1.amazonaws.com/${graph.outputs.userPool}`,
      audiences: ["run", "operator", "analyst", "ingest", "features", "exports", "personas"].map(
        (name) => graph.outputs[`${name}Client`],
      ),
    });
  });

  it("bounds the rate, logs every request without its data, and allows no browser", () => {
    const { defaultRouteSettings, routeSettings, accessLogSettings } = resource(graph, "ApiStage").inputs;

    expect(defaultRouteSettings).toMatchObject({ throttlingRateLimit: 20, throttlingBurstLimit: 50 });
    const busy = [routeSettings].flat().map((each) => Object(each));
    expect(busy.map(({ routeKey }) => routeKey).sort()).toEqual([
      "GET /api/features/item/{id}",
      "GET /api/features/user/{id}",
      "POST /api/features/item/batch",
      "POST /api/features/user/batch",
      "POST /api/interactions",
    ]);
    for (const each of busy)
      expect(each).toMatchObject({ throttlingRateLimit: 200, throttlingBurstLimit: 400 });
    const { format, destinationArn } = Object(accessLogSettings);
    expect(destinationArn).toBe(resource(graph, "ApiAccessLogs").state.arn);
    expect(Object.keys(JSON.parse(format))).toContain("client");
    expect(format).not.toMatch(/querystring|authorization/i);
    expect(resource(graph, "HttpApi").inputs.corsConfiguration).toBeUndefined();
  });

  it("may invoke the function, and only for this API", () => {
    expect(resource(graph, "ApiInvokes").inputs).toMatchObject({
      function: "penstock-local-Api",
      principal: "apigateway.amazonaws.com",
      sourceArn: `${resource(graph, "HttpApi").state.executionArn}/*/*`,
    });
  });

  it("outlives its function: what the function says is what callers see", () => {
    expect(graph.functions.find(({ name }) => name === "Api")?.timeoutSeconds).toBeLessThan(30);
  });
});

describe("the user pool", () => {
  it("knows the scopes that the routes ask for", () => {
    const { identifier, scopes: known } = resource(graph, "ApiScopes").inputs;
    const names = [known].flat().map((each) => `${identifier}/${Object(each).scopeName}`);

    expect(names.sort()).toEqual(Object.keys(scopes).sort());
    expect(names).toEqual(expect.arrayContaining(routes.flatMap((route) => route.scopes)));
  });

  it("gives each scope but that of running to one client", () => {
    const clients = resourcesOf(graph, "aws:cognito/userPoolClient:UserPoolClient").map(
      ({ name, inputs }) => [name, inputs.allowedOauthScopes, inputs.allowedOauthFlows],
    );

    expect(clients).toEqual([
      ["AnalystClient", ["penstock/analyse"], ["client_credentials"]],
      ["ExportsClient", ["penstock/exports"], ["client_credentials"]],
      ["FeaturesClient", ["penstock/features"], ["client_credentials"]],
      ["IngestClient", ["penstock/ingest"], ["client_credentials"]],
      ["OperatorClient", ["penstock/run", "penstock/operate"], ["client_credentials"]],
      ["PersonasClient", ["penstock/personas"], ["client_credentials"]],
      ["RunClient", ["penstock/run"], ["client_credentials"]],
    ]);
  });

  it("cannot be deleted by mistake in production", () => {
    expect(resource(production, "ApiCallers").inputs.deletionProtection).toBe("ACTIVE");
  });
});
