import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { Clock } from "../../engine/index.ts";
import { readBody } from "../gateway/request-body.ts";
import type { PoolClient, UserPool } from "./user-pools.ts";

/** Where the issuers' own paths begin: no route of an API starts like this. */
export const ISSUER_PATH = "/_issuer/";

/** A token request that Cognito would refuse, by OAuth's own names. Source: RFC 6749, section 5.2 */
class TokenRefused extends Error {
  readonly status: number;
  constructor(code: "invalid_client" | "invalid_scope" | "unsupported_grant_type", status = 400) {
    super(code);
    this.status = status;
  }
}

interface Keys {
  readonly privateKey: CryptoKey;
  /** As it is published. */
  readonly publicKey: JWK & { readonly kid: string };
}

async function makeKeys(): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: "RS256", use: "sig" };
  return { privateKey, publicKey: jwk };
}

/**
 * Stands in for a Cognito user pool: signs access tokens as the pool would for its clients, with a key of this cloud's
 * own, and publishes that key where OpenID Connect looks for it.
 */
export class LocalIssuer {
  readonly url: string;
  readonly pool: UserPool;
  readonly #clock: Clock;
  #made: Promise<Keys> | undefined;

  /** @param endpoint of the server that hands requests under {@link ISSUER_PATH} over */
  constructor(pool: UserPool, endpoint: string, clock: Clock) {
    this.pool = pool;
    this.url = `${endpoint}${ISSUER_PATH}${pool.id}`;
    this.#clock = clock;
  }

  /** Made when first needed: most clouds end without anybody having asked for a token. */
  get #keys(): Promise<Keys> {
    this.#made ??= makeKeys();
    return this.#made;
  }

  /** Answers what a pool answers: its configuration, its keys, and `POST …/oauth2/token`. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const asked = `${request.method} ${path.slice(`${ISSUER_PATH}${this.pool.id}`.length)}`;
    switch (asked) {
      case "GET /.well-known/openid-configuration":
        return answer(response, 200, {
          issuer: this.url,
          jwks_uri: `${this.url}/.well-known/jwks.json`,
          token_endpoint: `${this.url}/oauth2/token`,
        });
      case "GET /.well-known/jwks.json":
        return answer(response, 200, { keys: [(await this.#keys).publicKey] });
      case "POST /oauth2/token":
        return this.#token(request, response);
      default:
        return answer(response, 404, { message: `The local issuer has no ${asked}.` });
    }
  }

  async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams((await readBody(request, 64 * 1024)).toString());
    try {
      if (form.get("grant_type") !== "client_credentials") throw new TokenRefused("unsupported_grant_type");
      const client = this.#client(request, form);
      const asked = form.get("scope")?.split(" ").filter(Boolean) ?? client.scopes;
      if (!asked.every((scope) => client.scopes.includes(scope))) throw new TokenRefused("invalid_scope");
      answer(response, 200, {
        access_token: await this.#sign(client, asked),
        expires_in: client.tokenSeconds,
        token_type: "Bearer",
      });
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      answer(response, error.status, { error: error.message });
    }
  }

  #client(request: IncomingMessage, form: URLSearchParams): PoolClient {
    const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const [id, secret] = Buffer.from(basic, "base64").toString("utf8").split(":");
    const client = this.pool.clients.find((each) => each.id === (id || form.get("client_id")));
    if (client === undefined || (secret ?? form.get("client_secret") ?? undefined) !== client.secret)
      throw new TokenRefused("invalid_client", 401);
    return client;
  }

  /** An access token with the claims that Cognito gives a client of its own. */
  async #sign(client: PoolClient, scopes: readonly string[]): Promise<string> {
    const { privateKey, publicKey } = await this.#keys;
    const now = Math.floor(this.#clock.now() / 1000);
    return new SignJWT({
      token_use: "access",
      scope: scopes.join(" "),
      auth_time: now,
      version: 2,
      client_id: client.id,
    })
      .setProtectedHeader({ alg: "RS256", kid: publicKey.kid })
      .setSubject(client.id)
      .setIssuer(this.url)
      .setIssuedAt(now)
      .setExpirationTime(now + client.tokenSeconds)
      .setJti(randomUUID())
      .sign(privateKey);
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
