import type { SampleTable } from "./objects.ts";
import { tables } from "./objects.ts";
import type { Planting } from "./planting.ts";
import type { OrderWithParts, Row } from "./population.ts";
import { identifier } from "./random.ts";

/** The reason under which a row waits whose parent, named by this column, has not come. */
export function missingParent(column: string): string {
  return `${column}.missing_parent`;
}

/** A row for each reference of each contract whose parent never comes: it waits in pending. */
export function plantOrphans(planting: Planting, copies: number): void {
  for (const table of tables) {
    for (const reference of planting.contract(table).references) {
      for (let n = 0; n < copies; n++) plantOrphan(planting, table, reference.columns);
    }
  }
}

function plantOrphan(planting: Planting, table: SampleTable, columns: readonly string[]): void {
  const stranger = identifier(planting.draw.int(0, 0x7fffffff), "parent that never comes", 0);
  const missing = Object.fromEntries(columns.map((column) => [column, stranger]));
  const kind = `${table}: ${columns.join(", ")} names a parent that never comes`;
  const reasons = columns.map(missingParent);
  if (table === "order_items" && !columns.includes("order_id")) {
    // An item that waits still counts in the sums of its order, so it needs an order whose sums agree.
    const parts = planting.freshOrder();
    const [item, ...others] = parts.items;
    putOrder(planting, { ...parts, items: others });
    putPending(planting, kind, table, { ...item, ...missing }, reasons);
    return;
  }
  putPending(planting, kind, table, { ...planting.fresh(table), ...missing }, reasons);
}

/** Children of parents that are quarantined, or that wait themselves: they wait too, to any depth. */
export function plantChildrenOfTheLost(planting: Planting, copies: number): void {
  for (let n = 0; n < copies; n++) {
    plantLostOrder(planting);
    plantLostCustomer(planting);
    plantLostProduct(planting);
    plantLostSeller(planting);
  }
}

function plantLostOrder(planting: Planting): void {
  const parts = planting.freshOrder();
  putQuarantined(planting, "orders", { ...parts.order, status: "teleported" }, ["status.one_of"]);
  putWaitingParts(planting, "child of a quarantined order", parts);
  const review = { ...planting.fresh("reviews"), order_id: parts.order.order_id ?? null };
  putPending(planting, "reviews: child of a quarantined order", "reviews", review, [
    missingParent("order_id"),
  ]);
}

function plantLostCustomer(planting: Planting): void {
  const customer = planting.fresh("customers");
  putQuarantined(planting, "customers", { ...customer, person_id: null }, ["person_id.required"]);
  const parts = planting.freshOrder();
  const order = { ...parts.order, customer_id: customer.customer_id ?? null };
  putPending(planting, "orders: child of a quarantined customer", "orders", order, [
    missingParent("customer_id"),
  ]);
  putWaitingParts(planting, "child of an order that waits itself", parts);
}

function plantLostProduct(planting: Planting): void {
  const product = planting.fresh("products");
  putQuarantined(planting, "products", { ...product, weight_g: -5 }, ["weight_g.min_value"]);
  const kind = "child of a quarantined product";
  const stock = { ...planting.fresh("inventory"), product_id: product.product_id ?? null };
  putPending(planting, `inventory: ${kind}`, "inventory", stock, [missingParent("product_id")]);
  plantOrderWithLostItem(planting, kind, "product_id", product.product_id);
}

function plantLostSeller(planting: Planting): void {
  const seller = planting.fresh("sellers");
  putQuarantined(planting, "sellers", { ...seller, city: null }, ["city.required"]);
  plantOrderWithLostItem(planting, "child of a quarantined seller", "seller_id", seller.seller_id);
}

/** A whole order, its sums right, of which one item waits for `column`'s parent. */
function plantOrderWithLostItem(
  planting: Planting,
  kind: string,
  column: string,
  parent: Row[string] | undefined,
): void {
  const parts = planting.freshOrder();
  const [item, ...others] = parts.items;
  putOrder(planting, { ...parts, items: others });
  const waiting = { ...item, [column]: parent ?? null };
  putPending(planting, `order_items: ${kind}`, "order_items", waiting, [missingParent(column)]);
}

function putOrder(planting: Planting, { order, items, payments }: OrderWithParts): void {
  planting.put(planting.somewhere("orders"), order);
  for (const item of items) planting.put(planting.somewhere("order_items"), item);
  for (const payment of payments) planting.put(planting.somewhere("payments"), payment);
}

function putWaitingParts(planting: Planting, kind: string, { items, payments }: OrderWithParts): void {
  const reasons = [missingParent("order_id")];
  for (const item of items) putPending(planting, `order_items: ${kind}`, "order_items", item, reasons);
  for (const payment of payments) putPending(planting, `payments: ${kind}`, "payments", payment, reasons);
}

function putPending(
  planting: Planting,
  kind: string,
  table: SampleTable,
  row: Row,
  reasons: readonly string[],
): void {
  const object = planting.somewhere(table);
  planting.put(object, row);
  planting.plant(kind, object, row, { outcome: "pending", reasons });
}

function putQuarantined(planting: Planting, table: SampleTable, row: Row, rules: readonly string[]): void {
  const object = planting.somewhere(table);
  planting.put(object, row);
  planting.plant(`${table}: quarantined parent`, object, row, { outcome: "quarantined", rules });
}
