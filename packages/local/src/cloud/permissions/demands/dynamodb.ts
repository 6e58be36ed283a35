import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, isRecord, keyUse, optionalText, records } from "../facts.ts";

/** The actions of a transaction's parts, by the part's name on the wire. */
const PARTS: Readonly<Record<string, string>> = {
  ConditionCheck: "ConditionCheckItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
};

/** Actions that read or write items, for which DynamoDB opens the table's key in the caller's name. */
const ON_ITEMS = new Set([
  "BatchGetItem",
  "BatchWriteItem",
  "ConditionCheckItem",
  "DeleteItem",
  "GetItem",
  "PutItem",
  "Query",
  "Scan",
  "UpdateItem",
]);

/**
 * Which permissions DynamoDB asks for: of a transaction's parts one each, of a batch the batch's own on every table.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/api-permissions-reference.html; of the key:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html (the table key is decrypted
 * for each caller by itself).
 */
export function dynamoDbDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  if (action === "ListTables") return [{ action: "dynamodb:ListTables", resource: "*" }];
  if (action === "TransactWriteItems" || action === "TransactGetItems") {
    return records(parameters.TransactItems).flatMap((item) =>
      Object.entries(item).flatMap(([part, value]) =>
        isRecord(value) ? onTable(PARTS[part] ?? part, optionalText(value, "TableName"), facts) : [],
      ),
    );
  }
  if (action === "BatchGetItem" || action === "BatchWriteItem") {
    const items = isRecord(parameters.RequestItems) ? parameters.RequestItems : {};
    return Object.keys(items).flatMap((table) => onTable(action, table, facts));
  }
  const given = optionalText(parameters, "ResourceArn") || optionalText(parameters, "TableName");
  const index = optionalText(parameters, "IndexName");
  return onTable(action, given, facts, index === "" ? "" : `/index/${index}`);
}

/** @param table a name or an ARN */
function onTable(action: string, table: string, facts: Facts, index = ""): Demand[] {
  const arn = table.startsWith("arn:") ? table : regionalArn(facts.place, "dynamodb", `table/${table}`);
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const bound = { "aws:dynamodb:tableName": name, "aws:dynamodb:subscriberId": facts.place.account };
  return [
    { action: `dynamodb:${action}`, resource: arn + index },
    ...(ON_ITEMS.has(action) ? keyUse(facts, "dynamodb", arn, ["kms:Decrypt"], bound) : []),
  ];
}
