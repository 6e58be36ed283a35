import * as v from "valibot";
import { PERSON_GRANT } from "../cloud/http-api/local-issuer.ts";

/** The program has no HTTP API, or no client that may do what is asked for. */
export class NoApiClient extends Error {
  override readonly name = "NoApiClient";
}

const Token = v.object({ access_token: v.string() });

/** Where an API of the local cloud is, and who gives tokens for it: as the cloud itself and `penstock dev` say it. */
export interface ApiPlaces {
  readonly apis: Readonly<Record<string, string>>;
  readonly issuers: Readonly<
    Record<
      string,
      {
        readonly url: string;
        readonly clients: readonly {
          readonly id: string;
          readonly secret?: string | undefined;
          readonly scopes: readonly string[];
        }[];
      }
    >
  >;
}

/** A request to the API, by its path: `fetch` with a token. */
export type CallApi = (path: string, init?: RequestInit) => Promise<Response>;

/**
 * Calls the program's HTTP API as somebody's program does: with a token of the client that has this scope and as few others
 * as possible. @throws {NoApiClient}
 */
export async function apiCaller(
  cloud: { readonly httpApis: ApiPlaces },
  scope: string,
  signal: AbortSignal,
): Promise<CallApi> {
  const { api, url, client } = clientOf(cloud, scope, (secret) => secret !== undefined);
  const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret ?? ""}`).toString("base64")}`;
  const grant = { grant_type: "client_credentials", scope };
  return withToken(api, await tokenOf(url, grant, { authorization }, signal), signal);
}

/**
 * Calls it as a person does who has signed in to an app: with a token that has their name. Only the local cloud gives tokens for a
 * name. @throws {NoApiClient}
 */
export async function personCaller(
  cloud: { readonly httpApis: ApiPlaces },
  username: string,
  scope: string,
  signal: AbortSignal,
): Promise<CallApi> {
  const { api, url, client } = clientOf(cloud, scope, (secret) => secret === undefined);
  const grant = { grant_type: PERSON_GRANT, client_id: client.id, username, scope };
  return withToken(api, await tokenOf(url, grant, {}, signal), signal);
}

/** The API, and the client with this scope and as few others as possible. */
function clientOf(
  { httpApis }: { readonly httpApis: ApiPlaces },
  scope: string,
  fits: (secret: string | undefined) => boolean,
) {
  const [api] = Object.values(httpApis.apis);
  const [found] = Object.values(httpApis.issuers).flatMap(({ url, clients }) =>
    clients
      .filter(({ scopes, secret }) => scopes.includes(scope) && fits(secret))
      .sort((left, right) => left.scopes.length - right.scopes.length)
      .map((client) => ({ url, client })),
  );
  if (api === undefined || found === undefined)
    throw new NoApiClient(`The program has no API, or no client with the scope ${scope}.`);
  return { api, ...found };
}

async function tokenOf(
  url: string,
  grant: Record<string, string>,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<string> {
  const body = new URLSearchParams(grant);
  const given = await fetch(`${url}/oauth2/token`, { method: "POST", signal, headers, body });
  return v.parse(Token, await given.json()).access_token;
}

function withToken(api: string, token: string, signal: AbortSignal): CallApi {
  return (path, init = {}) =>
    fetch(`${api}${path}`, {
      ...init,
      signal,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
}
