import * as v from "valibot";

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
  { httpApis }: { readonly httpApis: ApiPlaces },
  scope: string,
  signal: AbortSignal,
): Promise<CallApi> {
  const [api] = Object.values(httpApis.apis);
  const [found] = Object.values(httpApis.issuers).flatMap(({ url, clients }) =>
    clients
      .filter(({ scopes }) => scopes.includes(scope))
      .sort((left, right) => left.scopes.length - right.scopes.length)
      .map((client) => ({ url, client })),
  );
  if (api === undefined || found === undefined)
    throw new NoApiClient(`The program has no API, or no client with the scope ${scope}.`);
  const { url, client } = found;
  const given = await fetch(`${url}/oauth2/token`, {
    method: "POST",
    signal,
    headers: {
      authorization: `Basic ${Buffer.from(`${client.id}:${client.secret ?? ""}`).toString("base64")}`,
    },
    body: new URLSearchParams({ grant_type: "client_credentials", scope }),
  });
  const { access_token } = v.parse(Token, await given.json());
  return (path, init = {}) =>
    fetch(`${api}${path}`, {
      ...init,
      signal,
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    });
}
