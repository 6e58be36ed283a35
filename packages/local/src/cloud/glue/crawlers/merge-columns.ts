import type { Column } from "../catalog/shapes.ts";

/** Share of columns that files of one table have in common at least, by Glue's measure. */
const SIMILAR = 0.7;

const wholeNumbers = ["tinyint", "smallint", "int", "bigint"];
const fractions = ["float", "double"];

/** Columns of all files in the order in which they come up; a type that holds what each file has. */
export function mergedColumns(files: readonly (readonly Column[])[]): Column[] {
  const types = new Map<string, string>();
  for (const { Name, Type } of files.flat()) {
    const before = types.get(Name);
    types.set(Name, before === undefined ? Type : wider(before, Type));
  }
  return [...types].map(([Name, Type]) => ({ Name, Type }));
}

/** Whether the columns of two files are alike enough to be of one table. */
export function areSimilar(left: readonly Column[], right: readonly Column[]): boolean {
  const names = new Set(left.map(({ Name }) => Name));
  const common = right.filter(({ Name }) => names.has(Name)).length;
  return common >= SIMILAR * Math.max(left.length, right.length);
}

function wider(left: string, right: string): string {
  if (left === right) return left;
  for (const ladder of [wholeNumbers, fractions]) {
    const [first, second] = [ladder.indexOf(left), ladder.indexOf(right)];
    if (first !== -1 && second !== -1) return ladder[Math.max(first, second)] ?? "string";
  }
  const isNumber = (type: string) => wholeNumbers.includes(type) || fractions.includes(type);
  if (isNumber(left) && isNumber(right)) return "double";
  const decimals = [left, right].map((type) => /^decimal\((\d+),(\d+)\)$/.exec(type)?.slice(1).map(Number));
  const [[firstDigits = 0, firstScale = 0] = [], [digits = 0, scale = 0] = []] = decimals;
  if (decimals.every((each) => each !== undefined)) {
    const widest = Math.max(firstScale, scale);
    return `decimal(${Math.min(38, Math.max(firstDigits - firstScale, digits - scale) + widest)},${widest})`;
  }
  return "string";
}
