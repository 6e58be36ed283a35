import {
  ErasureStarted,
  FileOutcomes,
  Personas,
  PersonEmail,
  PersonRegistered,
  UploadPlace,
  UploadWanted,
  UserId,
} from "@penstock/contracts";
import * as v from "valibot";
import { checked } from "../checked.ts";
import { route } from "../route.ts";
import { exportSenders, personaReaders } from "../scopes.ts";

/** All of it is of persons: nobody on the way keeps it. */
const headers = { "cache-control": "no-store" };

const nothing = v.strictObject({});
const params = v.strictObject({ user: UserId });

const MOST = 100;
const limitMessage = `Give a whole number from 1 to ${MOST}.`;

export const registerPerson = route({
  method: "POST",
  path: "/api/dna/users",
  operation: "registerPerson",
  summary: "Register a person, or find the id that they have",
  description:
    "Of the address a keyed hash is kept, nothing else. From here on the person is the id that is answered.",
  scopes: exportSenders,
  params: nothing,
  query: nothing,
  headers: nothing,
  body: [{ name: "PersonEmail", schema: PersonEmail }],
  answer: {
    status: 200,
    description: "The person's id",
    name: "PersonRegistered",
    schema: PersonRegistered,
  },
  problems: ["too-large"],
  async handle({ json }, services) {
    const { email } = checked(PersonEmail, json(), "body");
    return { body: await (await services.exports()).register(email), headers };
  },
});

export const placeUpload = route({
  method: "POST",
  path: "/api/dna/users/{user}/uploads",
  operation: "placeUpload",
  summary: "Ask where to upload an export to",
  description:
    "The file's name stands in the body and in no path. A name that was used before is replaced. What arrives is read at once, where it is not too large to be read unasked; a larger one is by starting the pipeline `digital-dna` with user and file.",
  scopes: exportSenders,
  params,
  query: nothing,
  headers: nothing,
  body: [{ name: "UploadWanted", schema: UploadWanted }],
  answer: {
    status: 201,
    description: "Where to send the file, for a quarter of an hour",
    name: "UploadPlace",
    schema: UploadPlace,
  },
  problems: ["not-found", "too-large"],
  async handle({ params: { user }, json }, services) {
    const wanted = checked(UploadWanted, json(), "body");
    return { body: await (await services.exports()).uploadPlace(user, wanted), headers };
  },
});

export const listFiles = route({
  method: "GET",
  path: "/api/dna/users/{user}/files",
  operation: "listFiles",
  summary: "List what became of a person's exports",
  description: "A file is here once its run is over.",
  scopes: exportSenders,
  params,
  query: v.strictObject({
    limit: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^([1-9][0-9]?|100)$/, limitMessage),
        v.description(`At most so many, from 1 to ${MOST}; ${MOST} if not given`),
      ),
    ),
    token: v.optional(v.pipe(v.string(), v.description("`next` of the page before"))),
  }),
  headers: nothing,
  answer: {
    status: 200,
    description: "A page of files, in order of their names",
    name: "FileOutcomes",
    schema: FileOutcomes,
  },
  problems: ["not-found"],
  async handle({ params: { user }, query: { limit, token } }, services) {
    const page = { limit: limit === undefined ? MOST : Number(limit), token };
    return { body: await (await services.exports()).files(user, page), headers };
  },
});

export const readPersonas = route({
  method: "GET",
  path: "/api/dna/users/{user}/personas",
  operation: "readPersonas",
  summary: "Read what a person's exports tell",
  scopes: personaReaders,
  params,
  query: nothing,
  headers: nothing,
  answer: {
    status: 200,
    description: "A persona of each type that the exports tell something of",
    name: "Personas",
    schema: Personas,
  },
  problems: ["not-found"],
  async handle({ params: { user } }, services) {
    return { body: await (await services.exports()).personas(user), headers };
  },
});

export const erasePerson = route({
  method: "DELETE",
  path: "/api/dna/users/{user}",
  operation: "erasePerson",
  summary: "Erase a person: exports, documents, personas, and the way from the address to the id",
  description:
    "From now on nothing of theirs is read or taken. Repeated, it answers with the same execution, or with a new one when that has failed.",
  scopes: exportSenders,
  params,
  query: nothing,
  headers: nothing,
  answer: {
    status: 202,
    description: "The execution that erases them",
    name: "ErasureStarted",
    schema: ErasureStarted,
  },
  problems: ["not-found"],
  async handle({ params: { user } }, services) {
    return { body: await (await services.exports()).erase(user), headers };
  },
});
