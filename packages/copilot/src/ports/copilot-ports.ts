import { randomUUID } from "node:crypto";
import { AthenaClient } from "@aws-sdk/client-athena";
import { clients, currentBuild, s3ObjectStore } from "@penstock/runtime/aws";
import { bedrockModel, newBedrockClient } from "@penstock/runtime/model";
import type { CopilotPorts } from "../ask-copilot.ts";
import type { CopilotSettings } from "../settings.ts";
import { athenaEngine } from "./athena.ts";

/** The ports of a Lambda function: clients of the standard environment, built once in a sandbox. */
export function copilotPorts(
  settings: CopilotSettings,
  onLogFailure: CopilotPorts["onLogFailure"],
): CopilotPorts {
  return {
    settings,
    model: bedrockModel(newBedrockClient(settings.modelRegion), settings.modelId, {
      seconds: settings.modelSeconds,
    }),
    engine: athenaEngine(new AthenaClient({}), settings),
    // Athena finds a build's rows only once it is in the catalogue, a while after it has become current.
    currentBuild: async () => {
      const current = await currentBuild(clients.dynamo, settings.buildsTable, "marts");
      return current?.catalogued === undefined ? undefined : { ...current, build: current.catalogued };
    },
    store: s3ObjectStore(clients.s3),
    now: () => new Date(),
    newId: randomUUID,
    onLogFailure,
  };
}
