import type { Column, SensitiveClass } from "@penstock/contracts";
import type { Planting } from "./planting.ts";
import type { Row } from "./population.ts";

/** What the sample holds that must not be readable outside the raw bucket, each value as it was written. */
export interface Secrets {
  /** Digits only: those of card columns and those hidden in free text. */
  pan: Set<string>;
  ssn: Set<string>;
  email: Set<string>;
  phone: Set<string>;
}

/** Sensitive cells of one column that are in the raw rows and not in a version that deduplication drops. */
export interface MaskedCells {
  table: string;
  column: string;
  class: SensitiveClass;
  cells: number;
}

/** Keeps account of the sensitive values that go into the raw objects. */
export interface SecretsAccount {
  secrets: Secrets;
  /** Counts a row's sensitive cells, and remembers their values. */
  count(table: string, columns: readonly Column[], row: Row): void;
  /** Cells counted so far, less those of the versions that deduplication is to drop. */
  masked(): MaskedCells[];
}

/** Opens the account with what the planters wrote down: cards hidden in texts, and versions to be dropped. */
export function secretsAccount({ dropped, hidden, contract }: Planting): SecretsAccount {
  const secrets: Secrets = { pan: new Set(hidden), ssn: new Set(), email: new Set(), phone: new Set() };
  const cells = new Map<string, MaskedCells>();
  const count = (table: string, columns: readonly Column[], row: Row, times: 1 | -1): void => {
    for (const { name, sensitive } of columns) {
      const value = row[name];
      if (sensitive === undefined || value === null || value === undefined) continue;
      const entry = cells.get(`${table}.${name}`) ?? { table, column: name, class: sensitive, cells: 0 };
      entry.cells += times;
      cells.set(`${table}.${name}`, entry);
      if (sensitive !== "cvv" && typeof value === "string" && isSecret(sensitive, value)) {
        secrets[sensitive].add(value);
      }
    }
  };
  for (const { table, row } of dropped) count(table, contract(table).columns, row, -1);
  return {
    secrets,
    count: (table, columns, row) => count(table, columns, row, 1),
    masked: () => [...cells.values()],
  };
}

/** Whether a value says anything about a person. What is planted to break a format (`a b`) does not. */
function isSecret(sensitive: keyof Secrets, value: string): boolean {
  return sensitive === "email" ? value.includes("@") : /\d(.*\d){6}/.test(value);
}
