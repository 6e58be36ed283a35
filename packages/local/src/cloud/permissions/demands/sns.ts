import type { Demand } from "../demand.ts";
import { type Facts, keyUse } from "../facts.ts";

/** Actions that SNS defines on no topic. */
const ON_EVERYTHING = new Set(["ListTopics", "ListSubscriptions"]);

/** The topic of a subscription's ARN, which is the topic's and an id. */
function topicOf(form: URLSearchParams): string {
  const topic = form.get("TopicArn") ?? form.get("ResourceArn");
  if (topic !== null) return topic;
  return (form.get("SubscriptionArn") ?? "*").split(":").slice(0, 6).join(":");
}

/**
 * Which permissions SNS asks for. A publisher needs both uses of the topic's key:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function snsDemands(form: URLSearchParams, facts: Facts): readonly Demand[] {
  const action = form.get("Action") ?? "";
  if (ON_EVERYTHING.has(action)) return [{ action: `sns:${action}`, resource: "*" }];
  if (action === "CreateTopic") {
    const { region, account } = facts.place;
    return [{ action: "sns:CreateTopic", resource: `arn:aws:sns:${region}:${account}:${form.get("Name")}` }];
  }
  const publishes = action === "Publish" || action === "PublishBatch";
  // A publication to a phone number has no topic.
  const resource = publishes ? (form.get("TopicArn") ?? form.get("TargetArn") ?? "*") : topicOf(form);
  const context: Record<string, string> = {};
  if (action === "Subscribe") {
    context["sns:Protocol"] = form.get("Protocol") ?? "";
    context["sns:Endpoint"] = form.get("Endpoint") ?? "";
  }
  return [
    { action: publishes ? "sns:Publish" : `sns:${action}`, resource, context },
    ...(publishes
      ? keyUse(facts, "sns", resource, ["kms:GenerateDataKey", "kms:Decrypt"], {
          "aws:sns:topicArn": resource,
        })
      : []),
  ];
}
