import { clients } from "@penstock/runtime/aws";
import { resource } from "@penstock/runtime/resource";
import * as v from "valibot";
import { dynamoTables } from "./dynamo-tables.ts";
import { featureReader } from "./read-features.ts";

/** What the deployment links: the tables' names. */
const Online = v.object({ tables: v.object({ user: v.string(), item: v.string() }) });

/** Reads the online features of the stage that the function is deployed in. */
export const readLinkedFeatures = featureReader(
  dynamoTables(clients.dynamo, resource("OnlineFeatures", Online).tables),
);
