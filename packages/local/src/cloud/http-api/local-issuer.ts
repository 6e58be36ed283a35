import { createHash, randomUUID } from "node:crypto";
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
  constructor(
    code:
      | "invalid_client"
      | "invalid_request"
      | "invalid_scope"
      | "unauthorized_client"
      | "unsupported_grant_type",
    status = 400,
  ) {
    super(code);
    this.status = status;
  }
}

/**
 * By which a person's token is asked for here. It is no grant of Cognito's: there a person signs in at a page of the pool's, and the
 * app gets a code. Here nobody has a password, and whoever sits at the machine may be anybody.
 */
export const PERSON_GRANT = "urn:penstock:person";

/** The person that a token is asked for; undefined where a program asks for its own. @throws {TokenRefused} */
function personOf(form: URLSearchParams): string | undefined {
  const grant = form.get("grant_type");
  if (grant === "client_credentials") return undefined;
  if (grant !== PERSON_GRANT) throw new TokenRefused("unsupported_grant_type");
  const name = form.get("username") ?? "";
  if (!/^[\p{L}\p{N}._-]{1,64}$/u.test(name)) throw new TokenRefused("invalid_request");
  return name;
}

/** The UUID by which a pool knows a person; the same for the same name. */
function subjectOf({ id }: UserPool, person: string): string {
  const hex = createHash("sha256").update(`${id} ${person}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
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
      const person = personOf(form);
      const client = this.#client(request, form);
      if ((client.secret === undefined) !== (person !== undefined))
        throw new TokenRefused("unauthorized_client");
      const asked = form.get("scope")?.split(" ").filter(Boolean) ?? client.scopes;
      if (!asked.every((scope) => client.scopes.includes(scope))) throw new TokenRefused("invalid_scope");
      answer(response, 200, {
        access_token: await this.#sign(client, asked, person),
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

  /** An access token with the claims that Cognito gives a client of its own, or somebody who signed in by it. */
  async #sign(client: PoolClient, scopes: readonly string[], person: string | undefined): Promise<string> {
    const { privateKey, publicKey } = await this.#keys;
    const now = Math.floor(this.#clock.now() / 1000);
    return new SignJWT({
      token_use: "access",
      scope: scopes.join(" "),
      auth_time: now,
      version: 2,
      client_id: client.id,
      ...(person !== undefined && { username: person }),
    })
      .setProtectedHeader({ alg: "RS256", kid: publicKey.kid })
      .setSubject(person === undefined ? client.id : subjectOf(this.pool, person))
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
