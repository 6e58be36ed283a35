import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, optionalText, records } from "../facts.ts";

/** Which permissions EventBridge asks for: events:PutEvents on the bus of each entry. */
export function eventsDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  const onBus = (bus: string) =>
    bus.startsWith("arn:") ? bus : regionalArn(facts.place, "events", `event-bus/${bus || "default"}`);
  if (action !== "PutEvents") {
    return [{ action: `events:${action}`, resource: onBus(optionalText(parameters, "EventBusName")) }];
  }
  return records(parameters.Entries).map((entry) => ({
    action: "events:PutEvents",
    resource: onBus(optionalText(entry, "EventBusName")),
    context: {
      "events:source": optionalText(entry, "Source"),
      "events:detail-type": optionalText(entry, "DetailType"),
    },
  }));
}
