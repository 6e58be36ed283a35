import path from "node:path";
import {
  brierScore,
  type CustomerFeatures,
  calibrationError,
  fitChurnClassifier,
  rocAuc,
  type Scored,
} from "@penstock/models";
import { atLeast, atMost, type Checks } from "./models-check.ts";
import { readCsv, referenceFiles } from "./models-reference-files.ts";

/** Columns that are numbers; a blank one (no charge yet) is 0. */
const MEASURES = new Set(["tenure", "MonthlyCharges", "TotalCharges"]);
const FOLDS = 5;

/** Churn of the Telco customers, scored by models that had not seen them: stratified five-fold, pooled. */
export async function churnChecks(data: string): Promise<Checks> {
  const { customers, churned } = await telcoCustomers(data);
  const folds = foldsOf(churned);
  const scored: Scored[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const isSeen = (_: unknown, i: number) => folds[i] !== fold;
    const model = fitChurnClassifier(customers.filter(isSeen), churned.filter(isSeen), { seed: 1 });
    customers.forEach((customer, i) => {
      if (folds[i] !== fold) return;
      scored.push({ score: model?.probability(customer) ?? Number.NaN, label: churned[i] === true });
    });
  }
  return {
    "churn.telco.roc_auc": atLeast(rocAuc(scored), 0.84),
    "churn.telco.brier": atMost(brierScore(scored), 0.14),
    "churn.telco.calibration_error": atMost(calibrationError(scored), 0.03),
  };
}

/** The customers of the reference with what became of them. */
export async function telcoCustomers(
  data: string,
): Promise<{ customers: CustomerFeatures[]; churned: boolean[] }> {
  const files = await referenceFiles(path.join(data, "churn_telco"), "telco_churn", ".csv");
  const rows = await readCsv(files, ["customerID"]);
  return {
    customers: rows.map(({ customerID: _id, Churn: _churn, ...features }) =>
      Object.fromEntries(
        Object.entries(features).map(([name, cell]): [string, number | string] => [
          name,
          MEASURES.has(name) ? Number(cell.trim()) : cell,
        ]),
      ),
    ),
    churned: rows.map(({ Churn }) => Churn?.trim() === "Yes"),
  };
}

/** Every fifth of those who left and of those who stayed, in the order of the file. */
function foldsOf(churned: readonly boolean[]): number[] {
  let left = 0;
  let stayed = 0;
  return churned.map((has) => (has ? left++ : stayed++) % FOLDS);
}
