import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Contract, contracts, jsonSchema } from "@penstock/contracts";
import { expect, test } from "vitest";
import {
  campaignSchemaFiles,
  dnaSchemaFiles,
  schemaFiles,
} from "../../packages/contracts/src/schema-files.ts";

const ROOT = resolve(import.meta.dirname, "../..");

test("the committed JSON Schema files are those of the contracts; else run `npm run schemas -w @penstock/contracts`", () => {
  const files = schemaFiles();
  for (const [path, content] of files) {
    expect(readFileSync(resolve(ROOT, path), "utf8"), path).toBe(content);
  }
  const current = Object.values<Contract>(contracts).map(({ version }) => `v${version}`);
  for (const folder of new Set(current)) {
    // Those of features, of Digital DNA and of campaigns stay when there is a new version.
    const kept = new Set([...dnaSchemaFiles().keys(), ...campaignSchemaFiles().keys()]);
    const committed = readdirSync(resolve(ROOT, "schemas", folder))
      .filter((name) => !name.endsWith("_features.json"))
      .map((name) => `schemas/${folder}/${name}`)
      .filter((path) => !kept.has(path));
    expect(committed.sort()).toEqual([...files.keys()].filter((path) => path.includes(`/${folder}/`)).sort());
  }
});

test("a JSON Schema says what valibot says, in JSON Schema's words", () => {
  const { properties, required, additionalProperties } = jsonSchema(contracts.order_items);
  expect(additionalProperties).toBe(false);
  expect(required).toEqual([
    "order_id",
    "order_item_id",
    "product_id",
    "seller_id",
    "shipping_limit_at",
    "price",
    "freight_value",
  ]);
  expect(properties).toMatchObject({
    order_id: { type: "string", pattern: "^[A-Za-z0-9_-]+$", maxLength: 64 },
    order_item_id: { type: "integer", minimum: 1 },
    shipping_limit_at: {
      type: "string",
      pattern: expect.stringMatching(/^\^/),
      "x-minimum": "1970-01-01T00:00:00",
    },
    price: { type: "number", minimum: 0, maximum: 99_999_999.99, "x-decimal": { precision: 10, scale: 2 } },
    quantity: { anyOf: [{ type: "integer", minimum: 1, maximum: 1_000_000 }, { type: "null" }] },
  });
});
