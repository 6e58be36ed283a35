import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import type { Clock } from "../../engine/index.ts";
import type { ApiRoute, JwtAuthorizer } from "./read-apis.ts";

/** What a token says, as functions are told: every claim as text. */
export interface Authorized {
  readonly claims: Readonly<Record<string, string>>;
  /** Scopes of the route; null where it asks for none. */
  readonly scopes: readonly string[] | null;
}

/** A request that the authorizer turns away, as API Gateway does. */
export class Refused extends Error {
  readonly status: 401 | 403;
  readonly challenge: string;
  constructor(status: 401 | 403, challenge: string) {
    super(challenge);
    this.status = status;
    this.challenge = challenge;
  }
}

type Keys = ReturnType<typeof createRemoteJWKSet>;

const invalid = (why: string) =>
  new Refused(401, `Bearer scope="" error="invalid_token" error_description="${why}"`);

/**
 * The JWT authorizers of an API. Tokens are verified by the keys that their issuer publishes; an issuer that is a user
 * pool of the program is the local one in its place.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class Authorizers {
  readonly #localIssuers: ReadonlyMap<string, string>;
  readonly #keys = new Map<string, Promise<Keys>>();
  readonly #clock: Clock;

  /** @param localIssuers URLs by the issuer that they stand for */
  constructor(localIssuers: ReadonlyMap<string, string>, clock: Clock) {
    this.#localIssuers = localIssuers;
    this.#clock = clock;
  }

  /** What the token says; undefined for a route that is open to everybody. @throws {Refused} */
  async check(
    { authorizer, scopes }: ApiRoute,
    authorization: string | undefined,
  ): Promise<Authorized | undefined> {
    if (authorizer === undefined) return undefined;
    if (authorization === undefined) throw new Refused(401, "Bearer");
    const claims = await this.#verify(authorizer, authorization.replace(/^Bearer\s+/i, ""));
    const held = [claims.scope ?? claims.scp ?? []].flat().flatMap((each) => String(each).split(" "));
    if (scopes.length > 0 && !scopes.some((scope) => held.includes(scope))) {
      throw new Refused(
        403,
        `Bearer scope="${scopes.join(" ")}" error="insufficient_scope" error_description="the token has none of the route's scopes"`,
      );
    }
    return {
      claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)])),
      scopes: scopes.length > 0 ? scopes : null,
    };
  }

  async #verify({ issuer, audiences }: JwtAuthorizer, token: string): Promise<JWTPayload> {
    const here = this.#localIssuers.get(issuer) ?? issuer;
    const now = this.#clock.now();
    const { payload } = await this.#keysOf(here)
      .then((keys) =>
        jwtVerify(token, keys, {
          issuer: here,
          algorithms: ["RS256", "RS384", "RS512"],
          requiredClaims: ["exp"],
          currentDate: new Date(now),
        }),
      )
      .catch((error: unknown) => {
        throw invalid(reason(error));
      });
    // A client_id counts where there is no audience: access tokens of Cognito have none.
    const meant = [payload.aud ?? payload.client_id ?? []].flat();
    if (!meant.some((each) => typeof each === "string" && audiences.includes(each)))
      throw invalid("the token does not have a valid audience");
    if (payload.iat !== undefined && payload.iat * 1000 > now)
      throw invalid("the token was issued in the future");
    return payload;
  }

  #keysOf(issuer: string): Promise<Keys> {
    const known = this.#keys.get(issuer);
    if (known !== undefined) return known;
    const keys = discover(issuer);
    this.#keys.set(issuer, keys);
    // An issuer that did not answer is asked again with the next request.
    keys.catch(() => this.#keys.delete(issuer));
    return keys;
  }
}

async function discover(issuer: string): Promise<Keys> {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
  const configuration: unknown = await answer.json();
  if (typeof configuration !== "object" || configuration === null || !("jwks_uri" in configuration))
    throw new Error("the issuer has no configuration");
  return createRemoteJWKSet(new URL(String(configuration.jwks_uri)));
}

function reason(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "the token has expired";
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "iss")
    return "the token does not have a valid issuer";
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return "the token's signature does not verify";
  return "the token is invalid";
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(" ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
