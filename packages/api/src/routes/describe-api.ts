import * as v from "valibot";
import { route } from "../route.ts";

/** Open to everybody: it says nothing that the source does not say, and tools fetch it without a token. */
export const describeApi = route({
  method: "GET",
  path: "/openapi.json",
  operation: "describeApi",
  summary: "This description",
  scopes: [],
  params: v.strictObject({}),
  query: v.strictObject({}),
  headers: v.strictObject({}),
  answer: {
    status: 200,
    description: "An OpenAPI 3.1 document",
    name: "OpenApi",
    schema: v.looseObject({ openapi: v.string() }),
  },
  problems: [],
  handle: async (_, { document }) => ({ body: document }),
});
