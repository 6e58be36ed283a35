import { parseArgs } from "node:util";
import * as v from "valibot";
import { PERSON_GRANT } from "../cloud/http-api/local-issuer.ts";
import { NoLocalCloud, runningCloud } from "./running-cloud.ts";
import { exitCodeOf, exitCodes, UsageError } from "./usage.ts";

const usage = `penstock token [--scope SCOPE]… [--user NAME] [--json]

Prints an access token for the HTTP API of the local cloud that \`penstock dev\` runs.
  --scope SCOPE  what it is for; when not given, all of the client that has the most
  --user NAME    of this person, who has signed in to an app; when not given, of a program. The local issuer knows everybody and
                 asks for no password
  --json         print the whole answer, with the seconds until the token expires
A deployed stage gives tokens at its user pool: see docs/operations.md, "The API".
${exitCodes}`;

/** The local cloud has no user pool, or its issuer gives no token. */
class NoToken extends Error {
  override readonly name = "NoToken";
}

const Answer = v.looseObject({ access_token: v.string() });

/** `penstock token`. @returns the exit code, as the usage says */
export function tokenCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values } = parseArgs({
        args,
        options: {
          scope: { type: "string", multiple: true },
          user: { type: "string" },
          json: { type: "boolean", default: false },
          help: { type: "boolean", default: false },
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const cloud = await runningCloud();
      if (cloud === undefined) throw new NoLocalCloud();
      const answer = await fetchToken(Object.values(cloud.issuers), values.scope, values.user);
      console.log(values.json ? JSON.stringify(answer, null, 2) : answer.access_token);
      return 0;
    },
    3,
  );
}

type Issuers = NonNullable<Awaited<ReturnType<typeof runningCloud>>>["issuers"];

/**
 * Of the client that may have the scopes and as few others as possible; without any asked for, of the most powerful. For a person
 * that is an app, which has no secret; for nobody a program, which has one.
 */
async function fetchToken(
  issuers: Issuers[string][],
  asked: readonly string[] | undefined,
  user: string | undefined,
) {
  const candidates = issuers
    .flatMap(({ url, clients }) => clients.map((client) => ({ url, client })))
    .filter(({ client }) => (client.secret === undefined) === (user !== undefined))
    .sort((left, right) => left.client.scopes.length - right.client.scopes.length);
  const found =
    asked === undefined
      ? candidates.at(-1)
      : candidates.find(({ client }) => asked.every((scope) => client.scopes.includes(scope)));
  if (candidates.length === 0)
    throw new NoToken(
      `The program has no user pool with clients for ${user === undefined ? "programs" : "people"}.`,
    );
  if (found === undefined) {
    const known = [...new Set(candidates.flatMap(({ client }) => client.scopes))].sort();
    throw new UsageError(`No client may have ${asked?.join(" ")}. There are: ${known.join(", ")}.`);
  }
  const { url, client } = found;
  const scope = (asked ?? client.scopes).join(" ");
  const credentials = Buffer.from(`${client.id}:${client.secret ?? ""}`).toString("base64");
  const response = await fetch(
    `${url}/oauth2/token`,
    user === undefined
      ? {
          method: "POST",
          headers: { authorization: `Basic ${credentials}` },
          body: new URLSearchParams({ grant_type: "client_credentials", scope }),
        }
      : {
          method: "POST",
          body: new URLSearchParams({
            grant_type: PERSON_GRANT,
            client_id: client.id,
            username: user,
            scope,
          }),
        },
  );
  const answer = v.safeParse(Answer, await response.json());
  if (!answer.success) throw new NoToken(`${url} answered ${response.status} and gave no token.`);
  return answer.output;
}
