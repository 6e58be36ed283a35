import { type CopilotPorts, type CopilotSettings, copilotPorts } from "@penstock/copilot";
import { vi } from "vitest";
import { settings } from "./small-marts.ts";

/** The environment of a function of the deployment, for clients that are built from here on. */
export function inFunction(endpoint: string): void {
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
}

/** The ports of a function, with what a test sets apart. */
export function ports(
  differing: Partial<CopilotSettings> = {},
  more: Partial<CopilotPorts> = {},
): CopilotPorts {
  const failed = (error: unknown) => {
    throw error;
  };
  return { ...copilotPorts({ ...settings, ...differing }, failed), ...more };
}
