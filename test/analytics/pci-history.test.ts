import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Shop, testShop, type Written } from "./shop.ts";

/** Writes the metrics of some payments' objects, each later than the one before. */
async function refine({ store }: Shop, names: readonly string[], more: object = {}): Promise<void> {
  for (const name of names) {
    await store.putJson(`s3://audit/metrics/payments/${name}.parquet.json`, {
      object: `s3://raw/${name}.parquet`,
      table: "payments",
      rows_in: 1,
      columns: [{ column: "cvv", scan: "cvv", scanned: 1, masked: 1 }],
      ...more,
    });
    await sleep(5);
  }
}

/** The findings of the audit of a shop without orders, whose settings let it look at three objects. */
async function audited(shop: Shop): Promise<Written | undefined> {
  await shop.report([], []);
  return (await shop.written())["compliance-guardian/pci-findings"];
}

test("a history that is longer than the audit may read is audited by its latest objects, and the report says so", async () => {
  await using shop = await testShop();
  // By name the latest come first: it is not names that count.
  await refine(shop, ["g", "f", "e", "d", "c", "b", "a"]);

  const found = await audited(shop);

  const since = await shop.store.head("s3://audit/metrics/payments/c.parquet.json");
  expect(found?.rows).toEqual([expect.objectContaining({ objects: 3, found: 3 })]);
  expect(found?.head).toMatchObject({
    details: { objects_older: 4, objects_unreadable: 0, metrics_since: since?.lastModified.toISOString() },
    trained_on: { observations: 3 },
  });
});

test("metrics that are larger than any of ours are counted, and not read", async () => {
  await using shop = await testShop();
  await refine(shop, ["a"]);
  await refine(shop, ["b"], { more: "x".repeat(1024 * 1024) });

  const found = await audited(shop);

  expect(found?.rows).toEqual([expect.objectContaining({ objects: 1 })]);
  expect(found?.head).toMatchObject({ details: { objects_older: 0, objects_unreadable: 1 } });
});
