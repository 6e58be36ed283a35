import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "../program/inputs.ts";

/** Who may call a route: a token of this issuer for one of these audiences. */
export interface JwtAuthorizer {
  /** As the program has it: `https://cognito-idp.<region>.amazonaws.com/<pool>`. */
  readonly issuer: string;
  readonly audiences: readonly string[];
}

export interface ApiRoute {
  /** `GET /api/executions/{id}`. */
  readonly key: string;
  readonly functionArn: string;
  readonly authorizer: JwtAuthorizer | undefined;
  /** A token needs one of these. Where none is listed, a valid token is enough. */
  readonly scopes: readonly string[];
}

/** An HTTP API of the program. */
export interface HttpApi {
  /** Its name in the program. */
  readonly name: string;
  readonly id: string;
  /** Where it would be on AWS: part of what functions are told. */
  readonly domainName: string;
  readonly routes: readonly ApiRoute[];
}

/** The HTTP APIs of a program that have a stage: without one AWS serves nothing. */
export function httpApis(graph: ResourceGraph): HttpApi[] {
  const parts = (type: string, apiId: string) =>
    resourcesOf(graph, `aws:apigatewayv2/${type}`)
      .map((resource) => ({ id: resource.id, inputs: new Inputs(resource) }))
      .filter(({ inputs }) => inputs.text("apiId") === apiId);
  return resourcesOf(graph, "aws:apigatewayv2/api:Api")
    .filter(({ id }) => parts("stage:Stage", id).some(({ inputs }) => inputs.text("name") === "$default"))
    .map((resource) => {
      const { id, name } = resource;
      const authorizers = new Map(
        parts("authorizer:Authorizer", id).map((each) => [each.id, readAuthorizer(each.inputs)]),
      );
      const targets = new Map(
        parts("integration:Integration", id).map((each) => [
          `integrations/${each.id}`,
          readTarget(each.inputs),
        ]),
      );
      const routes = parts("route:Route", id).flatMap(({ inputs }): ApiRoute[] => {
        const functionArn = targets.get(inputs.text("target"));
        if (functionArn === undefined) return [];
        return [
          {
            key: inputs.text("routeKey"),
            functionArn,
            authorizer: authorizers.get(inputs.optionalText("authorizerId") ?? ""),
            scopes: inputs.texts("authorizationScopes"),
          },
        ];
      });
      return { name, id, domainName: new URL(new Inputs(resource).text("apiEndpoint")).host, routes };
    });
}

function readAuthorizer(inputs: Inputs): JwtAuthorizer | undefined {
  const jwt = inputs.part("jwtConfiguration");
  return jwt && { issuer: jwt.text("issuer"), audiences: jwt.texts("audiences") };
}

/** `arn:aws:apigateway:…:lambda:path/…/functions/<ARN>/invocations` → the function's ARN. */
function readTarget(inputs: Inputs): string | undefined {
  return /functions\/(arn:[^/]+)\/invocations$/.exec(inputs.optionalText("integrationUri") ?? "")?.[1];
}
