import { castCases } from "./subset-cases/casts.ts";
import { conditionCases } from "./subset-cases/conditions.ts";
import { maskCases } from "./subset-cases/masks.ts";
import { numberCases } from "./subset-cases/numbers.ts";
import { queryCases } from "./subset-cases/queries.ts";
import type { SubsetCase } from "./subset-cases/subset-case.ts";
import { textCases } from "./subset-cases/texts.ts";
import { timeCases } from "./subset-cases/times.ts";
import { windowCases } from "./subset-cases/windows.ts";

export { tables } from "./subset-cases/subset-case.ts";

/** What each construct of the subset answers on every engine: a case for each, with edge values. */
export const subsetCases: readonly SubsetCase[] = [
  ...conditionCases,
  ...numberCases,
  ...textCases,
  ...castCases,
  ...timeCases,
  ...queryCases,
  ...windowCases,
  ...maskCases,
];
