import type { Column } from "@penstock/contracts";
import fc from "fast-check";
import type { Facts } from "./facts.ts";
import { edgeMoments, moments } from "./moment-cells.ts";
import { edgeNumbers, stored } from "./number-cells.ts";
import { asText, NULL_CELL, type RawCell } from "./raw-cell.ts";
import { badText, goodText, ODD_TEXTS } from "./text-cells.ts";

/** Cells of a column stored as `type`: mostly good ones, so that whole rows are good too, and the worst ones. */
export function cellsOf(column: Column, type: string, facts: Facts): fc.Arbitrary<RawCell> {
  return fc.oneof(
    { weight: 12, arbitrary: goodCells(column, type, facts) },
    { weight: 2, arbitrary: badCells(column, type, facts) },
    { weight: column.nullable ? 3 : 1, arbitrary: fc.constant(NULL_CELL) },
  );
}

function goodCells(column: Column, type: string, facts: Facts): fc.Arbitrary<RawCell> {
  switch (column.type) {
    case "string":
      return goodText(facts).map(asText);
    case "boolean":
      return fc
        .boolean()
        .map((value) => ({ raw: type === "VARCHAR" ? String(value) : value, text: String(value) }));
    case "timestamp":
    case "date":
      return moments(column, type);
    case "integer":
      return fc
        .integer({ min: Math.max(facts.minimum ?? 0, -9), max: Math.min(facts.maximum ?? 0, 120) })
        .map((value) => stored(value, type));
    default: {
      const unit = 10 ** Math.min(column.scale ?? 2, 2);
      return fc.integer({ min: 0, max: 1_000_000 }).map((units) => stored(units / unit, type));
    }
  }
}

function badCells(column: Column, type: string, facts: Facts): fc.Arbitrary<RawCell> {
  if (type === "VARCHAR" && column.type !== "string") return fc.constantFrom(...ODD_TEXTS).map(asText);
  switch (column.type) {
    case "string":
      return badText(facts).map(asText);
    case "boolean":
      return fc.constant(NULL_CELL);
    case "timestamp":
    case "date":
      return fc.constantFrom(...edgeMoments(type));
    default:
      return edgeNumbers(type, facts);
  }
}
