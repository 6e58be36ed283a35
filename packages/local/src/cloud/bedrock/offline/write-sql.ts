import type { Condition } from "./conditions.ts";
import { type Dimension, dimensionOf } from "./dimensions.ts";
import type { Intent } from "./intent.ts";
import { type Measure, quotient } from "./measures.ts";
import { bound, type Place, placeFor, type Restriction, whereClause } from "./places.ts";
import type { PromptSchema } from "./prompt-schema.ts";
import { NotUnderstood } from "./question.ts";

/** Things that can be counted by what holds of each: `customers with more than 2 orders`. */
const entities: Readonly<Record<string, string>> = {
  customers: "customer",
  products: "product",
  sellers: "seller",
  categories: "category",
  regions: "region",
  cities: "city",
};

/** One SELECT in Trino's dialect for what is asked. @throws {NotUnderstood} where the tables do not tell it */
export function writeSql(intent: Intent, schema: PromptSchema): string {
  if (intent.when !== undefined) return writeWhen(intent.when, intent, schema);
  if (intent.extreme !== undefined) return writeExtreme(intent.extreme, intent, schema);
  const [first] = intent.measures;
  const entity = first === undefined ? undefined : entities[first.key];
  const ofGroups = intent.conditions.filter((each) => !each.ofOrders);
  if (first !== undefined && entity !== undefined && ofGroups.length > 0 && !sameAs(ofGroups, first))
    return writeCounted(first, dimensionOf(entity), ofGroups, intent, schema);
  return writeGroups(intent, schema);
}

function sameAs(conditions: readonly Condition[], measure: Measure): boolean {
  return conditions.some((each) => each.measure === measure);
}

function writeWhen(extreme: "min" | "max", intent: Intent, schema: PromptSchema): string {
  const day = dimensionOf("day");
  const place = placeFor(
    { ...intent, measures: [], dimensions: [day, dimensionOf("order")], conditions: [] },
    schema,
  );
  const alias = extreme === "min" ? "first_order" : "last_order";
  return `SELECT ${extreme}(${place.dimension(day)}) AS ${alias} FROM ${place.from}${whereClause(place.where)}`;
}

function writeExtreme(extreme: "min" | "max", intent: Intent, schema: PromptSchema): string {
  const [measure] = intent.measures;
  const { single } = measure ?? {};
  if (measure === undefined || single === undefined)
    throw new NotUnderstood("the offline model finds nothing of which there is a largest or smallest");
  const [table, column] = single;
  const one: Measure = {
    ...measure,
    on: { [table]: { columns: [column], sql: (c) => `${extreme}(${c(column)})` } },
  };
  const place = placeFor(
    { ...intent, measures: [one], dimensions: [], conditions: rowConditions(intent) },
    schema,
  );
  return `SELECT ${place.measure(one)} AS ${extreme}_${measure.key.replace("average_", "")} FROM ${place.from}${whereClause(place.where)}`;
}

/** Bounds that are said of single orders. */
function rowConditions({ conditions, dimensions }: Intent): Condition[] {
  return conditions.filter(
    (each) => each.ofOrders || (dimensions.length === 0 && each.measure.ofOrder !== undefined),
  );
}

/** How many customers (products, sellers…) there are of which something holds. */
function writeCounted(
  counted: Measure,
  entity: Dimension,
  conditions: readonly Condition[],
  intent: Intent,
  schema: PromptSchema,
): string {
  const dimensions = intent.dimensions.filter((each) => each !== entity);
  const place = placeFor(
    {
      ...intent,
      measures: conditions.map(({ measure }) => measure),
      dimensions: [...dimensions, entity],
      conditions: intent.conditions.filter((each) => each.ofOrders),
    },
    schema,
  );
  const groups = [...dimensions, entity].map(place.dimension);
  const named = dimensions.map(({ alias }) => alias);
  const columns = [
    ...dimensions.map((each) => `${place.dimension(each)} AS ${each.alias}`),
    ...conditions.map(({ measure }, at) => `${place.measure(measure)} AS value_${at + 1}`),
  ];
  const inner = `SELECT ${columns.join(", ")} FROM ${place.from}${whereClause(place.where)} GROUP BY ${groups.join(", ")}`;
  const holds = conditions.map((each, at) => bound(`value_${at + 1}`, each)).join(" AND ");
  const number = intent.share
    ? `${quotient(`count(*) FILTER (WHERE ${holds})`, "count(*)")} AS share`
    : `count(*) AS ${counted.key}`;
  const by = named.length === 0 ? "" : ` GROUP BY ${named.join(", ")} ORDER BY ${named.join(", ")}`;
  const where = intent.share ? "" : ` WHERE ${holds}`;
  return `SELECT ${[...named, number].join(", ")} FROM (${inner}) AS each_${entity.key}${where}${by}`;
}

function writeGroups(intent: Intent, schema: PromptSchema): string {
  const rows = rowConditions(intent);
  const having = intent.conditions.filter((each) => !rows.includes(each));
  if (having.length > 0 && intent.dimensions.length === 0)
    throw new NotUnderstood("the offline model does not see of what the numbers are to hold");
  const place = placeFor(
    {
      ...intent,
      measures: [...intent.measures, ...having.map(({ measure }) => measure)],
      dimensions: [...intent.dimensions, ...(intent.per === undefined ? [] : [intent.per])],
      conditions: rows,
    },
    schema,
  );
  if (intent.share && intent.measures.length > 1)
    throw new NotUnderstood("the offline model answers with shares of one thing at a time");
  const part = intent.share ? partOf(intent, place) : [];
  const outputs = intent.ratio
    ? [ratioOf(intent, place)]
    : intent.measures.flatMap((measure) => output(measure, place, intent, part));
  const groups = intent.dimensions.map(place.dimension);
  const columns = [...intent.dimensions.map((each, at) => named(groups[at] ?? "", each.alias)), ...outputs];
  const where = [...place.where.filter((each) => !part.includes(each)), ...part.flatMap(knownOnly)];
  return [
    `SELECT ${columns.join(", ")} FROM ${place.from}${whereClause(where)}`,
    groups.length === 0 ? "" : ` GROUP BY ${groups.join(", ")}`,
    having.length === 0
      ? ""
      : ` HAVING ${having.map((each) => bound(place.measure(each.measure), each)).join(" AND ")}`,
    ordering(intent),
    intent.limit === undefined ? "" : ` LIMIT ${intent.limit}`,
  ].join("");
}

function named(expression: string, alias: string): string {
  return expression === alias ? expression : `${expression} AS ${alias}`;
}

/** Filters that make a part even within groups: `the share of cancelled orders by region`. */
const ofParts: ReadonlySet<string> = new Set(["status", "payment_type"]);

/**
 * Of a share, what makes the part and not the whole. What is said last narrows it: filters, bounds on single orders,
 * times. With groups, where nothing of an order itself is said, the part is the group.
 */
function partOf(
  { dimensions, filters, times, conditions }: Intent,
  { where }: Place,
): readonly Restriction[] {
  const own = filters.filter((each) => each.kind !== "values" || ofParts.has(each.dimension.key));
  const origin =
    own.at(-1) ?? conditions.at(-1) ?? (dimensions.length > 0 ? undefined : (filters.at(-1) ?? "times"));
  if (origin === undefined) return [];
  const part = where.filter(({ of }) => of === origin);
  if (part.length === 0 || (origin === "times" && times.periods.length > 1))
    throw new NotUnderstood("the offline model does not see a share of what is asked for");
  return part;
}

/** Of orders that are not delivered nobody knows whether they are late: they are in no share of it. */
function knownOnly({ of, sql }: Restriction): Restriction[] {
  const ofOrder = typeof of === "object" && "kind" in of && of.kind === "holds";
  return ofOrder ? [{ of, sql: `${sql.replace("NOT ", "")} IS NOT NULL` }] : [];
}

function output(measure: Measure, place: Place, intent: Intent, part: readonly Restriction[]): string[] {
  const { dimensions, per, share } = intent;
  const value = place.measure(measure);
  const alias = dimensions.some((each) => each.alias === measure.key) ? `mean_${measure.key}` : measure.key;
  if (share && !measure.additive) throw new NotUnderstood(`there are no shares of the ${measure.key}`);
  if (part.length > 0) {
    const holds = part.map(({ sql }) => sql).join(" AND ");
    return [`${quotient(`${value} FILTER (WHERE ${holds})`, value)} AS share`];
  }
  if (share) return [`${value} AS ${alias}`, `${quotient(value, `sum(${value}) OVER ()`)} AS share`];
  if (per === undefined || !measure.additive) return [`${value} AS ${alias}`];
  return [`${quotient(value, `count(DISTINCT ${place.dimension(per)})`)} AS ${measure.key}_per_${per.key}`];
}

/** Name of a part of a whole. */
const SHARE = "share";

function ratioOf({ measures }: Intent, place: Place): string {
  const [first = "", second = ""] = measures.map(place.measure);
  return `${quotient(first, second)} AS ${SHARE}`;
}

/** By time where it is split by time, else the largest first; rows of equal numbers have an order too. */
function ordering({ measures, dimensions, order, per, ratio, share }: Intent): string {
  if (dimensions.length === 0) return "";
  const [first] = measures;
  const names = dimensions.map(({ alias }) => alias);
  const inTime = dimensions.some(({ key }) =>
    ["year", "quarter", "month", "week", "weekday", "day"].includes(key),
  );
  if (first === undefined || (order === undefined && (inTime || dimensions.length > 1)))
    return ` ORDER BY ${names.join(", ")}`;
  const alias = names.includes(first.key) ? `mean_${first.key}` : first.key;
  if (ratio || share) return ` ORDER BY ${SHARE}${order === "ascending" ? "" : " DESC"}, ${names.join(", ")}`;
  const value = per === undefined || !first.additive ? alias : `${first.key}_per_${per.key}`;
  return ` ORDER BY ${value}${order === "ascending" ? "" : " DESC"}, ${names.join(", ")}`;
}
