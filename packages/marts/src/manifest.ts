import { type MartName, MartsManifest, manifestKey } from "@penstock/contracts";
import { type BuildCheck, buildCheck, type S3Uri, s3Uri, WrittenPart } from "@penstock/runtime";
import * as v from "valibot";
import { martNames, NUMBERS } from "./marts-plan.ts";
import type { MartsPorts } from "./ports.ts";

/** What a build wrote, in numbers and places; small, for the state machine. */
export interface MartsSummary {
  readonly build: string;
  readonly built_at: string;
  /** Last day of purchases in the data; null without any order. */
  readonly as_of: string | null;
  readonly curated_rows: number;
  readonly rows: Readonly<Record<MartName, number>>;
  readonly bytes: number;
  readonly orders_left_out: number;
  readonly manifest: S3Uri;
  readonly check: BuildCheck;
}

const parts = v.array(WrittenPart);

/** The answers of a plan for marts. */
const Reports = v.object({
  [NUMBERS]: v.tuple([
    v.object({ curated_rows: v.number(), orders_left_out: v.number(), as_of: v.nullable(v.string()) }),
  ]),
  sales: parts,
  orders: parts,
  customers: parts,
  products: parts,
  daily_sales: parts,
  regional_sales: parts,
});

/** Writes the manifest of a build, the last of its objects, from what its plan answered. */
export async function writeManifest(
  reports: unknown,
  { build, built_at }: { readonly build: string; readonly built_at: string },
  { store, settings }: Pick<MartsPorts, "store" | "settings">,
): Promise<MartsSummary> {
  const read = v.parse(Reports, reports);
  const [numbers] = read[NUMBERS];
  const root = s3Uri(settings.marts, "");
  const rows: Record<MartName, number> = {
    sales: 0,
    orders: 0,
    customers: 0,
    products: 0,
    daily_sales: 0,
    regional_sales: 0,
  };
  let bytes = 0;
  const tables: MartsManifest["tables"] = {};
  for (const name of martNames) {
    const written = read[name];
    const sum = (of: "rows" | "bytes") => written.reduce((total, part) => total + part[of], 0);
    rows[name] = sum("rows");
    bytes += sum("bytes");
    tables[name] = {
      rows: sum("rows"),
      bytes: sum("bytes"),
      objects: written.map((part) => ({
        key: part.uri.slice(root.length),
        rows: part.rows,
        bytes: part.bytes,
        partition: Object.fromEntries(part.partition.split("/").map((folder) => folder.split("="))),
      })),
    };
  }
  const manifest = s3Uri(settings.marts, manifestKey(build));
  const { as_of, curated_rows, orders_left_out } = numbers;
  await store.putJson(
    manifest,
    v.parse(MartsManifest, { build, built_at, as_of, curated_rows, orders_left_out, tables }),
  );
  const check = buildCheck(build, rows);
  return { build, built_at, as_of, curated_rows, rows, bytes, orders_left_out, manifest, check };
}
