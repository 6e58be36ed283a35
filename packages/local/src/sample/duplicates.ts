import { closing } from "./behaviour.ts";
import type { ObjectPlan, SampleTable } from "./objects.ts";
import { tables } from "./objects.ts";
import type { Planting } from "./planting.ts";
import type { Row } from "./population.ts";

/**
 * Versions too many of one key, within one object and over two, in either order of arrival. The version that
 * must survive is the latest by the contract's `latestBy`, wherever it stands and whenever it came.
 */
export function plantDuplicates(planting: Planting, copies: number): void {
  for (const table of tables) {
    for (let n = 0; n < copies; n++) {
      plantSameRowTwice(planting, table);
      plantOlderInSameObject(planting, table);
      plantUndated(planting, table);
      plantAcrossObjects(planting, table, "older version arrives later");
      plantAcrossObjects(planting, table, "newer version arrives later");
    }
  }
}

function plantSameRowTwice(planting: Planting, table: SampleTable): void {
  const { row, index } = planting.existing(table);
  const home = planting.home(table, index);
  planting.put(home, { ...row });
  write(planting, "same row twice in one object", home, row);
}

function plantOlderInSameObject(planting: Planting, table: SampleTable): void {
  const { row, index } = planting.existing(table);
  const home = planting.home(table, index);
  planting.put(home, version(planting, table, row, -1));
  write(planting, "older version in the same object", home, row);
}

/** A version without a date loses against one with a date. */
function plantUndated(planting: Planting, table: SampleTable): void {
  const { latestBy, columns } = planting.contract(table);
  if (!columns.some((column) => column.name === latestBy && column.nullable)) return;
  const { row, index } = planting.existing(table);
  const home = planting.home(table, index);
  planting.put(planting.somewhere(table, { not: home }), { ...row, [latestBy]: null });
  write(planting, "version without a date", home, row);
}

function plantAcrossObjects(planting: Planting, table: SampleTable, kind: string): void {
  const { row, index } = planting.existing(table);
  const home = planting.home(table, index);
  const other = planting.somewhere(table, { not: home });
  const later = kind === "older version arrives later" ? -1 : 1;
  // The copy is made the older or the newer one so that the kind is true of the order of uploads.
  const copy = version(planting, table, row, other.order > home.order ? later : -later);
  planting.put(other, copy);
  const survivor = compareVersions(planting, table, copy, row) > 0 ? copy : row;
  write(planting, kind, survivor === copy ? other : home, survivor);
}

/** The same key with another date: a day `days` earlier or later, where the table's own rules allow it. */
function version(planting: Planting, table: SampleTable, row: Row, days: number): Row {
  const { latestBy } = planting.contract(table);
  const date = row[latestBy];
  if (typeof date !== "number") throw new Error(`${table}.${latestBy} is not a moment in the sample.`);
  return { ...row, [latestBy]: days < 0 ? date - 1000 : Math.max(date, closing) + 1000 };
}

function compareVersions(planting: Planting, table: SampleTable, a: Row, b: Row): number {
  const { latestBy } = planting.contract(table);
  return Number(a[latestBy]) - Number(b[latestBy]);
}

function write(planting: Planting, kind: string, object: ObjectPlan, survivor: Row): void {
  const { latestBy } = planting.contract(object.table);
  // The version dropped differs in its date only, so its sensitive cells are those of the survivor.
  planting.drop(object.table, survivor);
  planting.plant(`${object.table}: ${kind}`, object, survivor, {
    outcome: "duplicate",
    rows: 1,
    survivor: { [latestBy]: survivor[latestBy] ?? null },
  });
}
