import type { IncomingMessage, ServerResponse } from "node:http";
import dynalite from "dynalite";
import inject from "light-my-request";
import { forward } from "../gateway/answer.ts";
import { NotImplemented } from "../gateway/aws-error.ts";
import { header, type Service } from "../gateway/call.ts";
import { actionOf, parseParameters } from "../gateway/json-service.ts";
import { readBody } from "../gateway/request-body.ts";

/** DynamoDB's own bound on a request. */
const LIMIT_BYTES = 16 * 1024 * 1024;

const ACTIONS = new Set([
  "BatchGetItem",
  "BatchWriteItem",
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeTable",
  "GetItem",
  "ListTables",
  "PutItem",
  "Query",
  "Scan",
  "TagResource",
  "UntagResource",
  "ListTagsOfResource",
  "UpdateItem",
  "UpdateTable",
]);

/** Parameters that dynalite would pass over in silence. */
const REFUSED = ["ReturnValuesOnConditionCheckFailure"];

/**
 * DynamoDB by dynalite, inside this process. It is given requests that are complete: on one that breaks off half way it
 * throws outside of anyone's reach, and killed sandboxes break off.
 */
export function dynamoDbService(): Service {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const dispatch = (request: IncomingMessage, response: ServerResponse) => {
    server.emit("request", request, response);
  };
  return {
    protocol: "json",
    async handle(call) {
      const action = actionOf(call);
      if (!ACTIONS.has(action)) throw new NotImplemented("dynamodb", action || "without an X-Amz-Target");
      const payload = await readBody(call.request, LIMIT_BYTES);
      const parameters = parseParameters(payload);
      const refused = REFUSED.find((name) => parameters[name] !== undefined && parameters[name] !== "NONE");
      if (refused !== undefined) throw new NotImplemented("dynamodb", `${action} with ${refused}`);
      const headers: Record<string, string> = { "content-type": "application/x-amz-json-1.0" };
      for (const name of ["x-amz-target", "authorization", "x-amz-date", "host"]) {
        const value = header(call.request, name);
        if (value !== undefined) headers[name] = value;
      }
      forward(call.response, await inject(dispatch, { method: "POST", url: "/", headers, payload }));
    },
  };
}
