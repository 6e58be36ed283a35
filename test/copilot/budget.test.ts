import { expect, test } from "vitest";
import { settingsFor } from "../../stacks/settings.ts";

/** Seconds for all that is neither a reply nor the query: a cold start, the manifest, the rows, the log. */
const ALL_ELSE = 5;

test.each(["production", "local", "any"])(
  "in %s two slow replies and a slow query end before the request",
  (stage) => {
    const { copilot, api } = settingsFor(stage);

    expect(2 * copilot.modelSeconds + copilot.maxSeconds + ALL_ELSE).toBeLessThanOrEqual(api.timeoutSeconds);
  },
);
