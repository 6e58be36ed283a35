import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, optionalText } from "../facts.ts";

/** Which permission Firehose asks for: the action's own on the delivery stream. */
export function firehoseDemands(action: string, parameters: Parameters, { place }: Facts): readonly Demand[] {
  if (action === "ListDeliveryStreams") return [{ action: "firehose:ListDeliveryStreams", resource: "*" }];
  const name = optionalText(parameters, "DeliveryStreamName");
  return [
    { action: `firehose:${action}`, resource: regionalArn(place, "firehose", `deliverystream/${name}`) },
  ];
}
