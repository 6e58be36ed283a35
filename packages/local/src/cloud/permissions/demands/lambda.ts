import type { Call } from "../../gateway/call.ts";
import { type Demand, regionalArn } from "../demand.ts";
import type { Facts } from "../facts.ts";

/**
 * Which permission Lambda asks for: lambda:InvokeFunction on the function's ARN, with the qualifier where the call has
 * one. A permission on the bare ARN does not allow a call of a version or an alias.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 */
export function lambdaDemands(call: Call, facts: Facts): readonly Demand[] {
  const given = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(call.path)?.[1];
  // Nothing else is implemented: the service says so.
  if (given === undefined) return [];
  const [name = "", qualifier = call.query.get("Qualifier") ?? undefined] = decodeURIComponent(given)
    .replace(/^.*function:/, "")
    .split(":");
  const resource = regionalArn(facts.place, "lambda", `function:${name}${qualifier ? `:${qualifier}` : ""}`);
  return [{ action: "lambda:InvokeFunction", resource }];
}
