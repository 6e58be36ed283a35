import type { Planting } from "./planting.ts";
import type { OrderWithParts, Row } from "./population.ts";

/** How an order is made to break, or nearly break, a rule over several tables. */
interface Imbalance {
  rule: string;
  kind: string;
  listed: boolean;
  change(parts: OrderWithParts): OrderWithParts;
}

/** An amount of a row moved by so many cents; an order's own rows are whole cents. */
function moved(row: Row, column: string, cents: number): Row {
  return { ...row, [column]: (Math.round(Number(row[column]) * 100) + cents) / 100 };
}

function firstMoved(rows: Row[], column: string, cents: number): Row[] {
  return rows.map((row, n) => (n === 0 ? moved(row, column, cents) : row));
}

/** One order at least for each rule over several tables, and orders a cent off, which every rule allows. */
export const imbalances: readonly Imbalance[] = [
  {
    rule: "payments_equal_items",
    kind: "payments less than the items",
    listed: true,
    change: (parts) => ({ ...parts, payments: firstMoved(parts.payments, "value", -137) }),
  },
  {
    rule: "payments_equal_items",
    kind: "payments two cents above the items",
    listed: true,
    change: (parts) => ({ ...parts, payments: firstMoved(parts.payments, "value", 2) }),
  },
  {
    rule: "payments_equal_items",
    kind: "payments one cent above the items (allowed)",
    listed: false,
    change: (parts) => ({ ...parts, payments: firstMoved(parts.payments, "value", 1) }),
  },
  {
    rule: "total_equals_items",
    kind: "total above the items",
    listed: true,
    change: (parts) => ({ ...parts, order: moved(parts.order, "total_amount", 500) }),
  },
  {
    rule: "total_equals_items",
    kind: "total one cent below the items (allowed)",
    listed: false,
    change: (parts) => ({ ...parts, order: moved(parts.order, "total_amount", -1) }),
  },
];

/** Orders whose rows are each right and whose sums are not. They are curated, and listed as violations. */
export function plantViolations(planting: Planting, copies: number): void {
  for (const { rule, kind, listed, change } of imbalances) {
    for (let n = 0; n < copies; n++) {
      const { order, items, payments } = change(planting.freshOrder());
      const object = planting.somewhere("orders");
      planting.put(object, order);
      for (const item of items) planting.put(planting.somewhere("order_items"), item);
      for (const payment of payments) planting.put(planting.somewhere("payments"), payment);
      planting.plant(`orders: ${kind}`, object, order, { outcome: "violation", rule, listed });
    }
  }
}
