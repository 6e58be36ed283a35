import type { AnalystType } from "../analytics/analyst-table.ts";
import type { FeatureTable } from "./feature-table.ts";

/**
 * A table of features as JSON Schema (draft 2020-12): a row in record form, and under `x-penstock` of what each feature is
 * made. All that is said of a version stands here, so that a version whose file has changed is another one.
 */
export function featureSchema(table: FeatureTable): object {
  const { name, version, description, columns, features, key, orderBy } = table;
  const nullable = new Set(features.filter(({ nullWhen }) => nullWhen !== undefined).map((one) => one.name));
  const properties = columns.map(({ name: column, type, comment }) => {
    const value = valueSchema(type);
    const either = nullable.has(column) ? { anyOf: [value, { type: "null" }] } : value;
    return [column, { ...either, description: comment }] as const;
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `penstock/v${version}/${name}.json`,
    title: name,
    description,
    type: "object",
    properties: Object.fromEntries(properties),
    required: columns.map((column) => column.name),
    additionalProperties: false,
    "x-penstock": {
      version,
      key,
      orderBy,
      columns: Object.fromEntries(columns.map((column) => [column.name, column.type])),
      features: Object.fromEntries(
        features.map(({ name: feature, sources, evidence }) => [
          feature,
          { sources, ...(evidence === undefined ? {} : { evidence }) },
        ]),
      ),
    },
  };
}

function valueSchema(type: AnalystType): object {
  switch (type) {
    case "bigint":
      return { type: "integer" };
    case "boolean":
      return { type: "boolean" };
    case "date":
      return { type: "string", format: "date" };
    case "string":
    case "timestamp":
      return { type: "string" };
    default:
      return { type: "number" };
  }
}
