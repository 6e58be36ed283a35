import { answerJson } from "../gateway/answer.ts";
import { NotImplemented } from "../gateway/aws-error.ts";
import type { Service } from "../gateway/call.ts";
import { actionOf, readParameters } from "../gateway/json-service.ts";
import { DynaliteActions } from "./dynamodb/dynalite-actions.ts";

/** DynamoDB's own bound on a request. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/** Parameters that dynalite would pass over in silence. */
const REFUSED = ["ReturnValuesOnConditionCheckFailure"];

/** DynamoDB by dynalite's actions, without its server and its database. */
export function dynamoDbService(): Service {
  const actions = new DynaliteActions();
  return {
    protocol: "json",
    async handle(call) {
      const action = actionOf(call);
      if (!actions.has(action)) throw new NotImplemented("dynamodb", action || "without an X-Amz-Target");
      const parameters = await readParameters(call.request, LIMIT_BYTES);
      const refused = REFUSED.find((name) => parameters[name] !== undefined && parameters[name] !== "NONE");
      if (refused !== undefined) throw new NotImplemented("dynamodb", `${action} with ${refused}`);
      const { status, body } = await actions.run(action, parameters);
      answerJson(call, status, body);
    },
  };
}
