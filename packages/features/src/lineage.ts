import {
  type CleanSnapshot,
  catalogueProducts,
  catalogueUsers,
  type FeaturePlan,
  type FeaturesProfile,
  featureTables,
  interactions,
  type Lineage,
  profileKey,
  validationReportKey,
} from "@penstock/contracts";
import { type S3Uri, s3Uri } from "@penstock/runtime";
import { queryDigests } from "./feature-queries.ts";
import type { FeaturesSettings } from "./settings.ts";

/** What an attempt was made of. */
export function lineageOf(
  {
    plan,
    uri,
    snapshot,
  }: {
    readonly plan: FeaturePlan;
    readonly uri: S3Uri;
    readonly profile: FeaturesProfile;
    readonly snapshot: CleanSnapshot;
  },
  { features: bucket }: Pick<FeaturesSettings, "features">,
): Lineage {
  const { attempt, run_id, days, catalogue } = plan;
  const contracts = [interactions, catalogueProducts, catalogueUsers].map(
    ({ name, version }) => [name, version] as const,
  );
  const catalogueOf = (name: "products" | "users") => ({
    date: snapshot[name].date,
    objects: catalogue[name].flatMap(({ objects }) => objects),
  });
  return {
    plan: uri,
    report: s3Uri(bucket, validationReportKey(run_id, attempt)),
    profile: s3Uri(bucket, profileKey(attempt)),
    raw: days
      .flatMap(({ parts }) => parts.flatMap(({ objects }) => objects))
      .map(({ uri: raw, etag, bytes }) => ({ uri: raw, etag, bytes })),
    catalogues: { products: catalogueOf("products"), users: catalogueOf("users") },
    sql: queryDigests(),
    contracts: Object.fromEntries([
      ...contracts,
      ...Object.values(featureTables).map(({ name, version }) => [name, version] as const),
    ]),
  };
}
