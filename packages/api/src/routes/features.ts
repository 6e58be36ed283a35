import { FeatureKeys, OnlineFeatures, OnlineFeaturesBatch } from "@penstock/contracts";
import * as v from "valibot";
import { checked } from "../checked.ts";
import type { OnlineGroup } from "../features/read-features.ts";
import { Problem } from "../problem.ts";
import { type Route, route } from "../route.ts";
import { featureReaders } from "../scopes.ts";

/** What a group is of, in words for people; and its name in operations. */
const of = { user: ["user", "User"], item: ["product", "Item"] } as const;

/** They change with every run, and an answer may be of a person: nobody on the way keeps it. */
const headers = { "cache-control": "no-store" };

function readOne(group: OnlineGroup): Route {
  const [subject, name] = of[group];
  return route({
    method: "GET",
    path: `/api/features/${group}/{id}`,
    operation: `read${name}Features`,
    summary: `Read the features of a ${subject}`,
    scopes: featureReaders,
    params: v.strictObject({
      id: v.pipe(FeatureKeys.entries.ids.pipe[0].item, v.description(`The ${subject}'s id`)),
    }),
    query: v.strictObject({}),
    headers: v.strictObject({}),
    answer: {
      status: 200,
      description: "The features as of the last run that knew them",
      name: "OnlineFeatures",
      schema: OnlineFeatures,
    },
    problems: ["not-found"],
    async handle({ params: { id } }, { readFeatures }) {
      const { found } = await readFeatures(group, [id]);
      const [body] = found;
      if (body !== undefined) return { body, headers };
      throw new Problem(
        "not-found",
        `There are no features of the ${subject} "${id}": no run has found an interaction, or they were forgotten since.`,
      );
    },
  });
}

function readMany(group: OnlineGroup): Route {
  const [subject, name] = of[group];
  return route({
    method: "POST",
    path: `/api/features/${group}/batch`,
    operation: `read${name}FeaturesBatch`,
    summary: `Read the features of up to 100 ${subject}s`,
    description:
      "It only reads: POST, because so many ids do not fit a URL. An id that comes twice is answered once.",
    scopes: featureReaders,
    params: v.strictObject({}),
    query: v.strictObject({}),
    headers: v.strictObject({}),
    body: [{ name: "FeatureKeys", schema: FeatureKeys }],
    answer: {
      status: 200,
      description: "The features of those that have some, and the ids of those that do not",
      name: "OnlineFeaturesBatch",
      schema: OnlineFeaturesBatch,
    },
    problems: ["too-large"],
    async handle({ json }, { readFeatures }) {
      const { ids } = checked(FeatureKeys, json(), "body");
      return { body: await readFeatures(group, ids), headers };
    },
  });
}

export const readUserFeatures = readOne("user");
export const readItemFeatures = readOne("item");
export const readUserFeaturesBatch = readMany("user");
export const readItemFeaturesBatch = readMany("item");
