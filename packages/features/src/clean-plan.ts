import { cleanPrefix, cleanTables, type FeaturePlan } from "@penstock/contracts";
import { identifier, type QueryPlan, type S3Uri, s3Uri, text } from "@penstock/runtime";
import type { BotLimits } from "./settings.ts";

/** What cleaning reads. Objects without rows are not there. */
export interface CleanInputs {
  /** Landed rows of the days to be cleaned, and of the look-back before them. */
  readonly landed: readonly S3Uri[];
  readonly earlier: readonly S3Uri[];
  /** Ids that more than one landed row has. */
  readonly repeated: S3Uri;
  readonly versions: S3Uri;
  readonly products: S3Uri;
  readonly users: S3Uri;
}

/** What landed rows carry on. */
const COLUMNS = [
  "interaction_id",
  "user_id",
  "product_id",
  "interaction_type",
  "occurred_at",
  "session_id",
  "rating",
  "device_type",
  "page_context",
  "day",
  "minute",
] as const;

const of = (relation: string, columns: readonly string[]): string =>
  columns.map((column) => `${relation}.${identifier(column)}`).join(", ");

/**
 * Cleaning as a plan for any of the engines. What a row becomes hangs on its own day and on the look-back before that, and
 * on nothing else: a day is cleaned the same in a daily run and in a weekly one.
 *
 * A row is removed for the first reason that holds: `duplicate`, then a `bot.…`, then `inactive_product`. Rows of a product
 * that no catalogue knows stay, without its attributes. The rows without duplicates are read several times and are no
 * step, so that no engine keeps them: a step would be all days a second time.
 */
export function cleanPlan(
  inputs: CleanInputs,
  {
    plan,
    bots,
    lookBackDays,
    bucket,
    result,
  }: {
    readonly plan: Pick<FeaturePlan, "attempt" | "clean_from">;
    readonly bots: BotLimits;
    readonly lookBackDays: number;
    readonly bucket: string;
    readonly result: S3Uri;
  },
): QueryPlan {
  const prefix = s3Uri(bucket, cleanPrefix(plan.attempt));
  const { interactions, products, users } = cleanTables;
  const names = (table: { readonly columns: readonly { readonly name: string }[] }) =>
    table.columns.map(({ name }) => name);
  const earlier = inputs.earlier.length > 0;
  return {
    inputs: [
      { name: "landed", uris: [...inputs.landed] },
      ...(earlier ? [{ name: "earlier", uris: [...inputs.earlier] }] : []),
      { name: "repeated", uris: [inputs.repeated] },
      { name: "product_versions", uris: [inputs.versions] },
      { name: "catalogue_products", uris: [inputs.products] },
      { name: "catalogue_users", uris: [inputs.users] },
    ],
    steps: [
      { name: "ordered", sql: orderedSql(earlier) },
      { name: "first_of_repeated", sql: firstSql(plan.clean_from, lookBackDays) },
      { name: "busy_days", sql: busySql(bots) },
      { name: "busy_events", sql: BUSY_EVENTS },
      { name: "busy_minutes", sql: minutesSql(bots) },
      { name: "hammered", sql: hammeredSql(bots) },
      { name: "bots", sql: botsSql(bots) },
      {
        name: "inactive",
        sql: "SELECT product_id, valid_from, valid_to FROM product_versions WHERE NOT is_active",
      },
      { name: "clean_interactions", sql: cleanSql() },
      { name: "clean_products", sql: `SELECT ${of("p", names(products))} FROM catalogue_products p` },
      { name: "clean_users", sql: `SELECT ${of("u", names(users))} FROM catalogue_users u` },
    ],
    outputs: [
      {
        from: "clean_interactions",
        to: `${prefix}interactions/`,
        orderBy: [...interactions.orderBy],
        partition: { by: ["day"], columns: names(interactions), report: "interactions", apart: "landed" },
      },
      { from: "clean_products", to: `${prefix}products/part-0.parquet`, orderBy: [...products.orderBy] },
      { from: "clean_users", to: `${prefix}users/part-0.parquet`, orderBy: [...users.orderBy] },
    ],
    reports: [
      { name: "landed", sql: "SELECT count(*) AS rows FROM landed" },
      {
        name: "catalogues",
        sql: "SELECT p.n AS products, u.n AS users FROM (SELECT count(*) AS n FROM clean_products) p CROSS JOIN (SELECT count(*) AS n FROM clean_users) u",
      },
      { name: "removed", sql: removedSql(plan.clean_from, lookBackDays) },
    ],
    result,
  };
}

/** Rows of repeated ids in their order, each with the day of the row before it. Rows that are equal in all are one another. */
function orderedSql(earlier: boolean): string {
  const rows = (table: string) =>
    `SELECT ${of("l", COLUMNS)} FROM ${table} l JOIN repeated r ON r.interaction_id = l.interaction_id`;
  const all = earlier ? `${rows("landed")} UNION ALL ${rows("earlier")}` : rows("landed");
  const order = COLUMNS.filter(
    (column) => !["interaction_id", "occurred_at", "day", "minute"].includes(column),
  );
  return `
    SELECT ${of("a", COLUMNS)}, lag(a.day) OVER (
      PARTITION BY a.interaction_id ORDER BY a.occurred_at, ${order.map((name) => `a.${name} NULLS LAST`).join(", ")}
    ) AS day_before
    FROM (${all}) a`;
}

/** A row repeats the one before it if that is within the look-back: what a daily run can see. */
const repeats = (lookBackDays: number): string =>
  `o.day_before IS NOT NULL AND date_diff('day', CAST(o.day_before AS DATE), CAST(o.day AS DATE)) <= ${lookBackDays}`;

/**
 * The rows that cleaning takes for duplicates, by their day, in Athena's dialect over `landed`, `earlier` and `repeated`;
 * `day` and `rows` as `n`.
 */
export function duplicatesByDay(from: string, lookBackDays: number): string {
  return `SELECT o.day AS day, count(*) AS n FROM (${orderedSql(true)}) o WHERE o.day >= ${text(from)} AND ${repeats(lookBackDays)} GROUP BY o.day`;
}

function firstSql(from: string, lookBackDays: number): string {
  return `SELECT ${of("o", COLUMNS)} FROM ordered o WHERE o.day >= ${text(from)} AND NOT (${repeats(lookBackDays)})`;
}

/** The rows without duplicates, of some columns. */
function unique(columns: readonly string[]): string {
  return `SELECT ${of("l", columns)} FROM landed l LEFT JOIN repeated r ON r.interaction_id = l.interaction_id WHERE r.interaction_id IS NULL UNION ALL SELECT ${of("f", columns)} FROM first_of_repeated f`;
}

/** Users' days with as much as a bot has at least: all that is looked at more closely. */
function busySql({ perMinute, perDay, perSessionProduct }: BotLimits): string {
  return `SELECT u.user_id, u.day, count(*) AS events FROM (${unique(["user_id", "day"])}) u GROUP BY u.user_id, u.day HAVING count(*) > ${Math.min(perMinute, perDay, perSessionProduct)}`;
}

/** What was done on those days: few rows, looked at twice. */
const BUSY_EVENTS = `SELECT u.user_id, u.day, u.minute, u.session_id, u.product_id FROM (${unique(["user_id", "day", "minute", "session_id", "product_id"])}) u JOIN busy_days b ON b.user_id = u.user_id AND b.day = u.day`;

function minutesSql({ perMinute }: BotLimits): string {
  return `
    SELECT DISTINCT m.user_id, m.day FROM (
      SELECT e.user_id, e.day, e.minute FROM busy_events e
      GROUP BY e.user_id, e.day, e.minute HAVING count(*) > ${perMinute}
    ) m`;
}

function hammeredSql({ perSessionProduct }: BotLimits): string {
  return `
    SELECT DISTINCT m.user_id, m.day FROM (
      SELECT e.user_id, e.day, e.session_id, e.product_id FROM busy_events e
      GROUP BY e.user_id, e.day, e.session_id, e.product_id HAVING count(*) > ${perSessionProduct}
    ) m`;
}

function botsSql({ perDay }: BotLimits): string {
  return `
    SELECT b.user_id, b.day, b.events,
      CASE WHEN m.user_id IS NOT NULL THEN 'bot.minute' WHEN b.events > ${perDay} THEN 'bot.day' ELSE 'bot.session' END AS reason
    FROM busy_days b
    LEFT JOIN busy_minutes m ON m.user_id = b.user_id AND m.day = b.day
    LEFT JOIN hammered h ON h.user_id = b.user_id AND h.day = b.day
    WHERE m.user_id IS NOT NULL OR b.events > ${perDay} OR h.user_id IS NOT NULL`;
}

const HOLDS = "v.product_id = u.product_id AND u.day >= v.valid_from AND u.day < v.valid_to";

function cleanSql(): string {
  return `
    SELECT u.interaction_id, u.user_id, u.product_id, u.interaction_type, u.occurred_at, u.session_id, u.rating,
      COALESCE(u.device_type, 'unknown') AS device_type, COALESCE(u.page_context, 'unknown') AS page_context,
      v.category, v.subcategory, v.brand, v.price, u.day
    FROM (${unique(COLUMNS)}) u
    LEFT JOIN bots b ON b.user_id = u.user_id AND b.day = u.day
    LEFT JOIN product_versions v ON ${HOLDS}
    WHERE b.user_id IS NULL AND COALESCE(v.is_active, TRUE)`;
}

/** Each counted by itself, and not as what is left over: the sum with the clean rows is checked against what was landed. */
function removedSql(from: string, lookBackDays: number): string {
  return `
    SELECT 'duplicate' AS reason, count(*) AS rows FROM ordered o WHERE o.day >= ${text(from)} AND ${repeats(lookBackDays)}
    UNION ALL SELECT k.reason, CAST(COALESCE(sum(b.events), 0) AS BIGINT) AS rows
    FROM (SELECT 'bot.minute' AS reason UNION ALL SELECT 'bot.day' AS reason UNION ALL SELECT 'bot.session' AS reason) k
    LEFT JOIN bots b ON b.reason = k.reason GROUP BY k.reason
    UNION ALL SELECT 'inactive_product' AS reason, count(*) AS rows
    FROM (${unique(["user_id", "product_id", "day"])}) u
    JOIN inactive v ON ${HOLDS}
    LEFT JOIN bots b ON b.user_id = u.user_id AND b.day = u.day
    WHERE b.user_id IS NULL`;
}
