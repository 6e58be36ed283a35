import { type DuckSession, identifier } from "@penstock/runtime";
import type { NullFeature } from "./evidence.ts";

/** Values that there should be, before none at all is no chance any more. */
const LEAST_EXPECTED = 10;

/**
 * Which of the features that are null everywhere had values in the baseline, in so many of its rows that as many of now
 * would have some: where they are made of nothing any more, the sources have lost what they had.
 *
 * @param session has a view of each group's rows by the group's name, and of the baseline's as `<group>_before`
 */
export async function lostFeatures(
  features: readonly NullFeature[],
  session: DuckSession,
): Promise<readonly NullFeature[]> {
  const lost: NullFeature[] = [];
  for (const one of features) {
    const { group, feature } = one;
    const [found] = await session.rows(
      `SELECT count(*) AS rows, count(${identifier(feature.name)}) AS told,
        (SELECT count(*) FROM ${identifier(group)}) AS now FROM ${identifier(`${group}_before`)}`,
    );
    const [rows, told, now] = [Number(found?.rows ?? 0), Number(found?.told ?? 0), Number(found?.now ?? 0)];
    if (rows > 0 && (now * told) / rows >= LEAST_EXPECTED) lost.push(one);
  }
  return lost;
}
