import type * as v from "valibot";
import { BODY_LIMIT_BYTES } from "./json-body.ts";
import { schemaOf } from "./json-schema.ts";
import { ProblemDocument, type ProblemKind, problemKinds } from "./problem.ts";
import type { NamedContract, QueryParameters, Route } from "./route.ts";
import { scopes } from "./scopes.ts";

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/**
 * The OpenAPI 3.1 document of the routes: nothing of it is written by hand, so it cannot say anything else than what
 * the app does.
 */
export function openApi(routes: readonly Route[]): object {
  const contracts = new Map<string, v.GenericSchema>([["Problem", ProblemDocument]]);
  for (const { answer, body = [] } of routes) {
    for (const { name, schema } of [...answersOf(answer), ...body]) contracts.set(name, schema);
  }
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Penstock",
      version: "1",
      description: `Starts pipelines, shows their executions, reads the systems' analytics, asks the copilot, takes interactions and reads the features that are made of them, takes people's exports and reads the personas that are made of them, makes campaigns and pictures. Bodies are JSON of at most ${BODY_LIMIT_BYTES / 1024} KiB where an operation says nothing else. Every problem is a problem document (RFC 9457); what API Gateway refuses before the API sees it has a \`message\` only.`,
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: {
        ...Object.fromEntries([...contracts].map(([name, schema]) => [name, schemaOf(schema)])),
        GatewayMessage: {
          type: "object",
          properties: { message: { type: "string" } },
          required: ["message"],
          description: "What API Gateway itself answers",
        },
      },
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: `An access token of the user pool. Scopes: ${Object.entries(scopes)
            .map(([name, what]) => `\`${name}\`: ${what}`)
            .join("; ")}`,
        },
      },
    },
  };
}

function operation(route: Route): object {
  const { operation: operationId, summary, description, answer, body } = route;
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    parameters: [
      ...parameters("path", route.params),
      ...parameters("query", route.query),
      ...parameters("header", route.headers),
    ],
    ...(body !== undefined && {
      requestBody: { required: true, content: { "application/json": { schema: oneOf(body) } } },
    }),
    responses: {
      ...Object.fromEntries(
        answersOf(answer).map(({ status, description: what, name }) => [
          status,
          { description: what, content: { "application/json": { schema: reference(name) } } },
        ]),
      ),
      ...(route.tagged && {
        "304": { description: "What the caller has, by If-None-Match, is what it would be given" },
      }),
      ...problemResponses(route),
    },
    security: route.scopes.map((scope) => ({ token: [scope] })),
  };
}

function answersOf(answer: Route["answer"]): readonly Omit<Route["answer"], "also">[] {
  return answer.also === undefined ? [answer] : [answer, answer.also];
}

function oneOf(contracts: readonly NamedContract[]): object {
  const [first, ...others] = contracts.map(({ name }) => reference(name));
  return others.length === 0 && first !== undefined ? first : { anyOf: [first, ...others] };
}

function parameters(place: "path" | "query" | "header", all: QueryParameters): object[] {
  const named = Object.entries(all.entries).map(([name, schema]) => {
    const optional = schema.type === "optional";
    const described: Record<string, unknown> = { ...schemaOf(plain(schema)) };
    const { description, ...rest } = described;
    return { name, in: place, required: !optional, description, schema: rest };
  });
  if (all.type === "strict_object") return named;
  const { description, ...rest }: Record<string, unknown> = { ...schemaOf(all.rest) };
  const schema = { type: "object", additionalProperties: rest };
  return [
    ...named,
    { name: "filters", in: place, required: false, description, style: "form", explode: true, schema },
  ];
}

/** The schema itself, of one that may be missing. */
function plain(schema: v.GenericSchema | v.OptionalSchema<v.GenericSchema, undefined>): v.GenericSchema {
  return "wrapped" in schema ? schema.wrapped : schema;
}

/** What any route can answer, and what this one can. */
function problemResponses({ scopes: wanted, problems }: Route): Record<string, object> {
  const kinds: ProblemKind[] = ["invalid-input", ...problems, "internal", "unavailable"];
  if (wanted.length > 0) kinds.push("unauthorized", "forbidden");
  const byStatus = Map.groupBy(kinds, (kind) => problemKinds[kind].status);
  return Object.fromEntries(
    [...byStatus]
      .sort(([left], [right]) => left - right)
      .map(([status, all]) => [
        String(status),
        {
          description: all.map((kind) => problemKinds[kind].title).join("; or: "),
          content: {
            "application/problem+json": { schema: reference("Problem") },
            ...([401, 403, 413].includes(status) && {
              "application/json": { schema: reference("GatewayMessage") },
            }),
          },
        },
      ]),
  );
}
