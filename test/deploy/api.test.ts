import { describe, expect, it } from "vitest";
import { routeKeys, routes, scopes } from "../../packages/api/src/index.ts";
import { resourcesOf } from "../../packages/local/src/render/index.ts";
import { graph, production, resource } from "./rendered.ts";

const gatewayRoutes = resourcesOf(graph, "aws:apigatewayv2/route:Route").map(({ inputs }) => inputs);
const authorizer = resource(graph, "ApiTokensAuthorizer");

describe("API Gateway", () => {
  it("has the app's routes, each with its scopes, and no other", () => {
    const wanted = routes.flatMap(({ scopes: needed, ...route }) =>
      routeKeys(route).map((routeKey) => ({
        routeKey,
        ...(needed.length > 0
          ? { authorizationType: "JWT", authorizerId: authorizer.id, authorizationScopes: needed }
          : { authorizationType: "NONE" }),
      })),
    );

    expect(gatewayRoutes).toHaveLength(wanted.length);
    for (const route of wanted) expect(gatewayRoutes).toContainEqual(expect.objectContaining(route));
  });

  it("has no key that ends in a slash: HTTP APIs refuse it, on deploy and not before", () => {
    expect(gatewayRoutes.filter((route) => String(route.routeKey).endsWith("/"))).toEqual([]);
    expect(gatewayRoutes.map((route) => route.routeKey)).toEqual(
      expect.arrayContaining(["POST /api/assets", "POST /api/assets/{slash+}"]),
    );
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
      audiences: [
        ...["run", "operator", "analyst", "ingest", "features", "exports", "personas"],
        ...["campaigns", "campaignsApp"],
      ].map((name) => graph.outputs[`${name}Client`]),
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

  it("gives each scope but those of running and of campaigns to one client", () => {
    const clients = resourcesOf(graph, "aws:cognito/userPoolClient:UserPoolClient").map(
      ({ name, inputs }) => [name, inputs.allowedOauthScopes, inputs.allowedOauthFlows],
    );

    expect(clients).toEqual([
      ["AnalystClient", ["penstock/analyse"], ["client_credentials"]],
      ["CampaignsAppClient", ["penstock/campaigns"], ["code"]],
      ["CampaignsClient", ["penstock/campaigns"], ["client_credentials"]],
      ["ExportsClient", ["penstock/exports"], ["client_credentials"]],
      ["FeaturesClient", ["penstock/features"], ["client_credentials"]],
      ["IngestClient", ["penstock/ingest"], ["client_credentials"]],
      ["OperatorClient", ["penstock/run", "penstock/operate"], ["client_credentials"]],
      ["PersonasClient", ["penstock/personas"], ["client_credentials"]],
      ["RunClient", ["penstock/run"], ["client_credentials"]],
    ]);
  });

  it("knows persons by an app that keeps no secret, and gives programs theirs", () => {
    expect(resource(graph, "CampaignsAppClient").inputs).toMatchObject({
      generateSecret: false,
      callbackUrls: [expect.stringMatching(/^http:\/\/localhost:/)],
      supportedIdentityProviders: ["COGNITO"],
    });
    expect(resource(graph, "CampaignsClient").inputs.generateSecret).toBe(true);
  });

  it("cannot be deleted by mistake in production", () => {
    expect(resource(production, "ApiCallers").inputs.deletionProtection).toBe("ACTIVE");
  });
});
