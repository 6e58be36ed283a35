import { resourceServer, type Scope, scopes } from "@penstock/api";
import { account, named, settings } from "./lib/identity.ts";

/** Whoever calls is a client of its own: scopes in Cognito belong to clients. Only campaigns know persons besides. */
export const userPool = new aws.cognito.UserPool("ApiCallers", {
  name: named("api-callers"),
  adminCreateUserConfig: { allowAdminCreateUserOnly: true },
  deletionProtection: settings.protect ? "ACTIVE" : "INACTIVE",
});

const server = new aws.cognito.ResourceServer("ApiScopes", {
  userPoolId: userPool.id,
  identifier: resourceServer,
  name: named("api"),
  scopes: Object.entries(scopes).map(([name, scopeDescription]) => ({
    scopeName: name.slice(resourceServer.length + 1),
    scopeDescription,
  })),
});

/** The prefix is unique among all accounts of the region, and has lower-case letters only. */
const tokenDomain = new aws.cognito.UserPoolDomain("ApiTokens", {
  userPoolId: userPool.id,
  domain: $interpolate`${named("api").toLowerCase()}-${account}`,
});

/** Where clients fetch their tokens. */
export const tokenUrl = $interpolate`https://${tokenDomain.domain}.auth.${settings.region}.amazoncognito.com/oauth2/token`;

/** What all clients have in common: these scopes and no other. */
function client(
  name: string,
  physicalName: string,
  allowed: readonly Scope[],
  flow: Pick<
    aws.cognito.UserPoolClientArgs,
    "generateSecret" | "allowedOauthFlows" | "callbackUrls" | "supportedIdentityProviders"
  > = { generateSecret: true, allowedOauthFlows: ["client_credentials"] },
): aws.cognito.UserPoolClient {
  return new aws.cognito.UserPoolClient(
    name,
    {
      ...flow,
      userPoolId: userPool.id,
      name: named(physicalName),
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthScopes: [...allowed],
      accessTokenValidity: settings.api.tokenMinutes,
      tokenValidityUnits: { accessToken: "minutes" },
      enableTokenRevocation: true,
      preventUserExistenceErrors: "ENABLED",
    },
    // Cognito refuses a client with scopes that it does not know yet.
    { dependsOn: [server] },
  );
}

export const runClient = client("RunClient", "run", ["penstock/run"]);
export const operatorClient = client("OperatorClient", "operate", ["penstock/run", "penstock/operate"]);
/** What the data say is of persons too: running pipelines is no reason to read it, nor the other way round. */
export const analystClient = client("AnalystClient", "analyse", ["penstock/analyse"]);
/** A shop's own servers: what they send in, they cannot read. */
export const ingestClient = client("IngestClient", "ingest", ["penstock/ingest"]);
/** What makes recommendations while somebody waits. */
export const featuresClient = client("FeaturesClient", "features", ["penstock/features"]);

/** What takes in people's exports, and erases them. What they tell it cannot read. */
export const exportsClient = client("ExportsClient", "exports", ["penstock/exports"]);
export const personasClient = client("PersonasClient", "personas", ["penstock/personas"]);

/** A shop's own server, which makes campaigns in its own name. Of its keys none says whose they are. */
export const campaignsClient = client("CampaignsClient", "campaigns", ["penstock/campaigns"]);

/**
 * An app in which people make campaigns, each their own. It has no secret, for an app cannot keep one: who signed in is known by
 * the code that comes back, and that it is the same app by PKCE, which the app has to begin with: Cognito takes a code without it too.
 */
export const campaignsAppClient = client("CampaignsAppClient", "campaigns-app", ["penstock/campaigns"], {
  generateSecret: false,
  allowedOauthFlows: ["code"],
  callbackUrls: [...settings.api.callbackUrls],
  supportedIdentityProviders: ["COGNITO"],
});
