import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "../program/inputs.ts";

/** A client of a pool: with a secret, a program that fetches tokens for itself; without, an app by which people sign in. */
export interface PoolClient {
  readonly name: string;
  readonly id: string;
  readonly secret?: string | undefined;
  /** What it may ask for. */
  readonly scopes: readonly string[];
  /** How long its access tokens hold. */
  readonly tokenSeconds: number;
}

/** A Cognito user pool of the program, as far as it gives tokens to programs. */
export interface UserPool {
  /** Its name in the program. */
  readonly name: string;
  readonly id: string;
  /** As which its tokens are known on AWS. */
  readonly issuer: string;
  readonly clients: readonly PoolClient[];
}

const unitSeconds: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** The program's user pools and their clients. */
export function userPools(graph: ResourceGraph): UserPool[] {
  const clients = resourcesOf(graph, "aws:cognito/userPoolClient:UserPoolClient");
  return resourcesOf(graph, "aws:cognito/userPool:UserPool").map((pool) => ({
    name: pool.name,
    id: pool.id,
    issuer: `https://${new Inputs(pool).text("endpoint")}`,
    clients: clients
      .map((resource) => ({ resource, inputs: new Inputs(resource) }))
      .filter(({ inputs }) => inputs.text("userPoolId") === pool.id)
      .map(({ resource, inputs }) => {
        const unit = inputs.part("tokenValidityUnits")?.optionalText("accessToken") ?? "hours";
        return {
          name: resource.name,
          id: resource.id,
          secret: inputs.flag("generateSecret") ? inputs.text("clientSecret") : undefined,
          scopes: inputs.texts("allowedOauthScopes"),
          tokenSeconds: (inputs.optionalNumber("accessTokenValidity") ?? 1) * (unitSeconds[unit] ?? 3600),
        };
      }),
  }));
}
