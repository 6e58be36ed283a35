import { type Column, type Contract, compileTable, type PhysicalColumn } from "@penstock/contracts";
import { type SampleTable, tables } from "./objects.ts";
import { type Form, forms } from "./parquet.ts";
import type { Planting } from "./planting.ts";
import type { Cell, Row } from "./population.ts";

/** How a right row is made to break a rule. */
interface Breakage {
  /** Cells that take the place of the right ones. */
  cells: Row;
  /** The form of object that can hold such a cell; any when absent. */
  form?: Form;
  /** All rules that the row then breaks, where it is more than the one meant. */
  rules?: readonly string[];
}

/** The rules that a contract has for a table of the sample, over all forms of its objects, by name. */
export function rulesOf(contract: Contract): string[] {
  const names = forms.flatMap((form) =>
    compileTable(
      contract,
      "penstock",
      contract.columns.map((column) => physicalColumn(column, form)),
    ).rules.map(({ rule }) => rule),
  );
  return [...new Set(names)].sort();
}

function physicalColumn({ name, type, precision, scale }: Column, form: Form): PhysicalColumn {
  if (form === "text") return { name, type: "VARCHAR" };
  const types = {
    string: "VARCHAR",
    integer: "BIGINT",
    decimal: form === "double" ? "DOUBLE" : `DECIMAL(${precision},${scale})`,
    double: "DOUBLE",
    boolean: "BOOLEAN",
    timestamp: "TIMESTAMP",
    date: "DATE",
  };
  return { name, type: types[type] };
}

/**
 * Rows that break each rule of each contract, `copies` times, and rows that break two at once. A rule for
 * which nothing is known here is left out, and a test names it.
 */
export function plantBrokenRows(planting: Planting, copies: number): void {
  for (const table of tables) {
    const contract = planting.contract(table);
    for (const rule of rulesOf(contract)) {
      for (let n = 0; n < copies; n++) {
        const right = planting.fresh(table);
        const breakage = breakRule(contract, rule, right);
        if (breakage === undefined) break;
        plantBroken(planting, table, `${table}: ${rule}`, right, { rules: [rule], ...breakage });
      }
    }
  }
  for (let n = 0; n < copies; n++) {
    plantBroken(planting, "orders", "orders: two rules at once", planting.fresh("orders"), {
      cells: { status: "teleported", estimated_delivery_at: null },
      rules: ["estimated_delivery_at.required", "status.one_of"],
    });
  }
}

function plantBroken(
  planting: Planting,
  table: SampleTable,
  kind: string,
  right: Row,
  { cells, form, rules = [] }: Breakage,
): void {
  const object = planting.somewhere(table, form === undefined ? {} : { form });
  const row = { ...right, ...cells };
  planting.put(object, row);
  planting.plant(kind, object, row, { outcome: "quarantined", rules });
}

/** The cells that break `rule` in a right row, or undefined where nothing here knows how. */
export function breakRule(contract: Contract, rule: string, right: Row): Breakage | undefined {
  const [name, check] = rule.split(".");
  const column = contract.columns.find((one) => one.name === name);
  if (column !== undefined && check !== undefined) {
    const breakage = breakColumn(column, check);
    const alsoBroken = outOfOrder[`${contract.name}.${rule}`];
    if (breakage === undefined || alsoBroken === undefined) return breakage;
    const cells = { ...(contract.name === "orders" ? delivered : {}), ...breakage.cells };
    return { ...breakage, cells, rules: [rule, ...alsoBroken] };
  }
  const cells = rowRules[`${contract.name}.${rule}`]?.(right);
  return cells === undefined ? undefined : { cells };
}

/** Values far outside of what any sensible limit allows, so that a limit that moves a little needs no change here. */
function breakColumn(column: Column, check: string): Breakage | undefined {
  const cell = (value: Cell, form?: Form): Breakage => ({
    cells: { [column.name]: value },
    ...(form === undefined ? {} : { form }),
  });
  switch (check) {
    case "required":
      return cell(null);
    case "type":
      return cell("unreadable", "text");
    case "min_value":
      return column.type === "timestamp" ? cell(Date.UTC(1900, 0, 1)) : cell(-1);
    case "max_value":
      if (column.type === "timestamp") return cell(Date.UTC(9999, 11, 31));
      return column.type === "decimal" ? cell("123456789012.00", "text") : cell(4_000_000_000_000_000);
    case "integer":
      return cell("1.5", "text");
    case "decimals":
      return cell("1.234", "text");
    case "not_finite":
      return {
        ...cell(Number.POSITIVE_INFINITY, "double"),
        rules: [`${column.name}.max_value`, `${column.name}.not_finite`],
      };
    case "min_length":
      return cell("");
    case "max_length":
      return tooLong(column);
    case "format":
      return cell("a b");
    case "one_of":
      return cell("teleported");
    default:
      return undefined;
  }
}

function tooLong({ name, sensitive }: Column): Breakage {
  const long = "x".repeat(30_000);
  if (sensitive === "email") return { cells: { [name]: `${long}@example.com` } };
  const cells = { [name]: long };
  // The format of these leaves no room for as many characters.
  return sensitive === undefined ? { cells } : { cells, rules: [`${name}.format`, `${name}.max_length`] };
}

const hour = 3_600_000;

/** A moment far out of range is also out of order with the others of its row: rules broken beside the range's own. */
const outOfOrder: Readonly<Record<string, readonly string[]>> = {
  "orders.purchased_at.max_value": ["approved_not_before_purchase", "carrier_not_before_purchase"],
  "orders.approved_at.min_value": ["approved_not_before_purchase"],
  "orders.approved_at.max_value": ["carrier_not_before_approval"],
  "orders.carrier_at.min_value": ["carrier_not_before_approval", "carrier_not_before_purchase"],
  "orders.carrier_at.max_value": ["delivered_not_before_carrier"],
  "orders.delivered_at.min_value": ["delivered_not_before_carrier"],
  "reviews.created_at.max_value": ["answered_not_before_created"],
  "reviews.answered_at.min_value": ["answered_not_before_created"],
};

/** Moments of one order or review, put into an order that breaks one rule and no other. */
const rowRules: Readonly<Record<string, (right: Row) => Row>> = {
  "orders.approved_not_before_purchase": () => timeline({ approved_at: -1, carrier_at: 2, delivered_at: 3 }),
  "orders.carrier_not_before_purchase": () =>
    timeline({ approved_at: null, carrier_at: -1, delivered_at: 3 }),
  "orders.carrier_not_before_approval": () => timeline({ approved_at: 2, carrier_at: 1, delivered_at: 3 }),
  "orders.delivered_not_before_carrier": () => timeline({ approved_at: 1, carrier_at: 3, delivered_at: 2 }),
  "reviews.answered_not_before_created": (right) => ({ answered_at: Number(right.created_at) - hour }),
};

/** Moments in hours after a purchase of 2024-05-01. */
function timeline(hours: Row): Row {
  const purchased = Date.UTC(2024, 4, 1);
  const moments = Object.entries(hours).map(([name, after]) => [
    name,
    after === null ? null : purchased + Number(after) * hour,
  ]);
  return { status: "delivered", purchased_at: purchased, ...Object.fromEntries(moments) };
}

/** An order that has gone all its way, each moment in its place. */
const delivered = timeline({ approved_at: 1, carrier_at: 2, delivered_at: 3 });
