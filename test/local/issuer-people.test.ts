import { decodeJwt } from "jose";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { apiTo, POOL, pool } from "./api-parts.ts";
import * as graph from "./small-graph.ts";

const PERSON = "urn:penstock:person";

let cloud: Cloud;
beforeAll(async () => {
  const resources = [
    ...apiTo("echo", "GET /own", { audiences: ["app", "program"], scope: "things/own" }),
    ...pool({
      app: { secret: false, scopes: ["things/own"] },
      program: { secret: true, scopes: ["things/own", "things/all"] },
    }),
  ];
  cloud = await bootCloud(graph.graphOf(resources, [graph.lambda("echo", "echo")]), { root: graph.root });
});
afterAll(() => cloud.close());

const Answer = v.object({ access_token: v.optional(v.string(), ""), error: v.optional(v.string()) });

async function ask(form: Record<string, string>) {
  const response = await fetch(`${cloud.httpApis.issuers[POOL]?.url}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return { status: response.status, ...v.parse(Answer, await response.json()) };
}
const ana = { grant_type: PERSON, client_id: "app", username: "ana" };

describe("a person's token", () => {
  test("is for a subject of their own, by their name, and for what the app may", async () => {
    const { status, access_token } = await ask(ana);

    expect(status).toBe(200);
    expect(decodeJwt(access_token)).toMatchObject({
      sub: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
      username: "ana",
      client_id: "app",
      token_use: "access",
      scope: "things/own",
    });
  });

  test("is for the same subject each time, and for another of somebody else", async () => {
    const tokens = await Promise.all([ask(ana), ask(ana), ask({ ...ana, username: "bob" })]);

    const [first, again, other] = tokens.map(({ access_token }) => decodeJwt(access_token).sub);
    expect([first === again, first === other]).toEqual([true, false]);
  });

  test("opens what the app may, and the function is told who it is", async () => {
    const { access_token } = await ask(ana);

    const response = await fetch(`${cloud.httpApis.apis.api}/own`, {
      headers: { authorization: `Bearer ${access_token}` },
    });

    const { sub } = decodeJwt(access_token);
    expect(await response.json()).toMatchObject({
      requestContext: { authorizer: { jwt: { claims: { sub, username: "ana" } } } },
    });
  });

  test("a program's has no name", async () => {
    const program = { client_id: "program", client_secret: "program-secret" };
    const { access_token } = await ask({ grant_type: "client_credentials", ...program });

    expect(decodeJwt(access_token)).not.toHaveProperty("username");
  });

  test.each<[why: string, form: Record<string, string>, status: number, error: string]>([
    ["without a name", { grant_type: PERSON, client_id: "app" }, 400, "invalid_request"],
    ["with a name that is none", { ...ana, username: "a b" }, 400, "invalid_request"],
    ["of an app that there is not", { ...ana, client_id: "other" }, 401, "invalid_client"],
    ["for what the app may not", { ...ana, scope: "things/all" }, 400, "invalid_scope"],
    [
      "from a program",
      { ...ana, client_id: "program", client_secret: "program-secret" },
      400,
      "unauthorized_client",
    ],
    [
      "for the app itself",
      { grant_type: "client_credentials", client_id: "app" },
      400,
      "unauthorized_client",
    ],
    [
      "by a grant of Cognito's that is not here",
      { ...ana, grant_type: "password" },
      400,
      "unsupported_grant_type",
    ],
  ])("is not given %s", async (_, form, status, error) => {
    expect(await ask(form)).toMatchObject({ status, error });
  });
});
