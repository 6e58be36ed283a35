import { askCopilot, type CopilotOutcome, CopilotSettings, copilotPorts } from "@penstock/copilot";
import { resource } from "@penstock/runtime/resource";

const ports = copilotPorts(resource("Copilot", CopilotSettings), (error) =>
  console.error("A question could not be logged", { error }),
);

/** Asks the copilot of the stage that the function is deployed in. */
export function askLinkedCopilot(question: string): Promise<CopilotOutcome> {
  return askCopilot(question, ports);
}
