import { expect, test } from "vitest";
import { productOfItem } from "../../packages/campaign/src/record/product-of-item.ts";
import { dynamoItem } from "./dynamo-item.ts";
import { begun } from "./product-fixture.ts";

test.each(["NULL", "Nul"])("a record without a description is read, with its null spelt %s", (spelling) => {
  const record = { ...begun, product_description: null };
  const item: Record<string, unknown> = JSON.parse(
    JSON.stringify(dynamoItem(record)).replaceAll('"NULL"', JSON.stringify(spelling)),
  );

  expect(productOfItem(item)).toEqual(record);
});
