import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Contract } from "@penstock/contracts";
import {
  type DuckSession,
  identifier,
  ObjectMissing,
  type ObjectStore,
  type S3Uri,
  s3Uri,
  text,
} from "@penstock/runtime";
import { parquetFiles } from "./landed-views.ts";
import { BalanceBroken } from "./metrics.ts";
import { expiredKey, leaseName, rowsKey } from "./object-keys.ts";
import { parquetRows } from "./parquet-rows.ts";
import type { LakePorts } from "./ports.ts";
import { PENDING_EXPIRED } from "./reasons.ts";
import { of, survivorsSql } from "./reconcile-steps.ts";
import type { Effect } from "./reconcile-table.ts";
import { unchanged } from "./snapshot.ts";
import { identifiers } from "./sql-text.ts";

/** The lease of one object, while its new files go up. */
const LEASE_SECONDS = 300;

/** As refine's outputs have them, so that an object's bytes do not tell which of the two wrote it. */
const PARQUET = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 61440";

/** New files of an object. Undefined: it stays as it is; null: no row is left, the object goes. */
interface NewFiles {
  readonly curated: string | undefined;
  readonly expired: string | undefined;
  readonly pending: string | null | undefined;
}

/**
 * Writes what a pass does to one object, under its lease. Answers false, and writes nothing, when another execution
 * holds the object or has changed it since the snapshot: whoever did causes another pass.
 *
 * Curated and expired gain before pending gives up: a crash between two writes leaves a row in two halves, which
 * collapses in the next pass, and never in none.
 */
export async function applyEffect(
  session: DuckSession,
  contract: Contract,
  effect: Effect,
  ports: LakePorts,
  {
    owner,
    folder,
    contested,
  }: { readonly owner: string; readonly folder: string; readonly contested: boolean },
): Promise<boolean> {
  const { store, leases, settings } = ports;
  const { object } = effect.landed;
  const expired = s3Uri(settings.quarantine, expiredKey(object));
  await mkdir(folder, { recursive: true });
  const files = await newFiles(session, contract, effect, { folder, store, expired, contested });
  const lease = leaseName(object);
  if (!(await leases.acquire(lease, owner, LEASE_SECONDS))) return false;
  try {
    if (!(await unchanged(effect.landed, ports))) return false;
    const key = rowsKey(object);
    const pending = s3Uri(settings.pending, key);
    if (files.curated !== undefined) await store.upload(files.curated, s3Uri(settings.curated, key));
    if (files.expired !== undefined) await store.upload(files.expired, expired);
    if (files.pending === null) await store.remove(pending);
    else if (files.pending !== undefined) await store.upload(files.pending, pending);
    return true;
  } finally {
    await leases.release(lease, owner);
  }
}

async function newFiles(
  session: DuckSession,
  contract: Contract,
  effect: Effect,
  to: {
    readonly folder: string;
    readonly store: ObjectStore;
    readonly expired: S3Uri;
    readonly contested: boolean;
  },
): Promise<NewFiles> {
  const { waiting, released, expired, stale, gained, lost, landed } = effect;
  const about = `${contract.name}/${landed.object.rest}`;
  const columns = contract.columns.map(({ name }) => name);
  const judged = `FROM ${of(contract, "judged")} WHERE "_object" = ${landed.number}`;
  const inOrder = identifiers(contract.primaryKey);
  const everything = identifiers([...columns, "_reasons"]);
  const write = async (half: string, sql: string, rows: number | undefined): Promise<string> => {
    const file = path.join(to.folder, `${half}.parquet`);
    await session.run(`COPY (${sql}) TO ${text(file)} (${PARQUET})`);
    const found = await parquetRows(file);
    if (rows === undefined || found === rows) return file;
    throw new BalanceBroken(
      `${about}: ${found} ${half} rows were made where ${rows} were due; none was put in place`,
    );
  };

  const had = landed.curated === undefined ? 0 : await parquetRows(landed.curated.file);
  const remaining = waiting - released - expired;
  const left = `${judged} AND "_missing" AND NOT "_old"`;
  return {
    curated:
      gained + lost === 0
        ? undefined
        : await write(
            "curated",
            `${curatedRows(contract, effect, to.contested)} ORDER BY ${inOrder}`,
            had + gained - lost,
          ),
    expired:
      expired === 0
        ? undefined
        : await write(
            "expired",
            `SELECT ${identifiers(columns)}, list_sort(list_append("_reasons", ${text(PENDING_EXPIRED)})) AS "_reasons", "_arrived_at" ${judged} AND "_missing" AND "_old"${await expiredBefore(to)} ORDER BY ${inOrder}, "_arrived_at", ${everything}`,
            undefined,
          ),
    pending:
      released + expired + stale === 0
        ? undefined
        : remaining === 0
          ? null
          : await write(
              "pending",
              `SELECT ${identifiers(columns)}, "_reasons", "_arrived_at" ${left} ORDER BY ${inOrder}`,
              remaining,
            ),
  };
}

/** The object's curated rows after the pass, of its own file and what is released. */
function curatedRows(contract: Contract, { landed }: Effect, contested: boolean): string {
  const { columns } = contract;
  const all = columns.map(({ name }) => name);
  const kept = columns.filter(({ sensitive }) => sensitive !== "cvv").map(({ name }) => name);
  const number = `${landed.number} AS "_object"`;
  const own = columns.map(({ name, sensitive }) =>
    sensitive === "cvv" ? `CAST(NULL AS VARCHAR) AS ${identifier(name)}` : identifier(name),
  );
  const parts = [
    `SELECT ${number}, ${identifiers(all)} FROM ${of(contract, "judged")} WHERE NOT "_missing" AND "_object" = ${landed.number}`,
  ];
  if (landed.curated !== undefined) {
    parts.unshift(`SELECT ${number}, ${own.join(", ")} FROM ${parquetFiles([landed.curated.file])}`);
  }
  const survivors = survivorsSql(contract, contested, parts.join(" UNION ALL "));
  return `SELECT ${identifiers(kept)} FROM (${survivors}) WHERE "_object" = ${landed.number}`;
}

/** Rows of the object that expired before: a crash may have left them in pending as well, so equal rows become one. */
async function expiredBefore(to: { folder: string; store: ObjectStore; expired: S3Uri }): Promise<string> {
  const file = path.join(to.folder, "expired-before.parquet");
  try {
    await to.store.download(to.expired, file);
    return ` UNION SELECT * EXCLUDE ("_file") FROM ${parquetFiles([file])}`;
  } catch (error) {
    if (error instanceof ObjectMissing) return "";
    throw error;
  }
}
