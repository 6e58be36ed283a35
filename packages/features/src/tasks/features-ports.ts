import { availableParallelism } from "node:os";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GlueClient } from "@aws-sdk/client-glue";
import { openSession, resource, type TaskContext } from "@penstock/runtime";
import type { AcceptPorts } from "../accept-features.ts";
import type { ParityPorts } from "../check-parity.ts";
import type { PlanPorts } from "../ports.ts";
import type { PublishPorts } from "../publish-online.ts";
import { FeaturesSettings } from "../settings.ts";
import { dynamoFeaturePointers } from "./dynamo-feature-pointers.ts";
import { dynamoOnlineMark } from "./dynamo-online-mark.ts";
import { dynamoOnlineStore } from "./dynamo-online-store.ts";
import { glueFeatureCatalogue } from "./glue-feature-catalogue.ts";

const dynamo = new DynamoDBClient({});
// It copies each request and each answer for a logger, whether there is one or not: a fifth of what a write costs here.
dynamo.middlewareStack.remove("loggerMiddleware");
const glue = new GlueClient({});

/** The ports of a task in its Lambda: the deployment's settings, DuckDB on all its processors. */
export function featuresPorts({
  store,
  locks,
  now,
}: TaskContext): PlanPorts & ParityPorts & PublishPorts & AcceptPorts {
  const settings = resource("Features", FeaturesSettings);
  const pointers = dynamoFeaturePointers(dynamo, settings.buildsTable);
  return {
    store,
    settings,
    openSession: (tempDirectory, keepsOrder = false) =>
      openSession({
        memoryMb: settings.memoryMb,
        // On several, DuckDB cuts what it writes in order into row groups as its threads happen to come along, and not the same
        // each time. Files are written side by side instead, which costs a fifth less of the processors' time.
        threads: keepsOrder ? 1 : availableParallelism(),
        tempDirectory,
        keepsOrder,
      }),
    current: () => pointers.read("features"),
    pointers,
    catalogue: glueFeatureCatalogue(glue, settings.database),
    online: dynamoOnlineStore(dynamo, settings.online.tables),
    mark: dynamoOnlineMark(dynamo, settings.locksTable),
    leases: locks(settings.locksTable),
    now,
  };
}
