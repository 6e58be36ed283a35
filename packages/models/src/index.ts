/** See `result.ts` for the form that every answer has. */

export { ChurnResult, predictChurn } from "./churn/churn.ts";
export { type ChurnClassifier, fitChurnClassifier, type Reason } from "./churn/churn-classifier.ts";
export type { CustomerFeatures } from "./churn/encoding.ts";
export type { Purchase } from "./churn/purchase-features.ts";
export {
  aliveProbability,
  type BgNbd,
  bgNbdLogLikelihood,
  expectedPurchases,
  fitBgNbd,
  type PurchaseHistory,
} from "./clv/bg-nbd.ts";
export {
  expectedSpend,
  fitGammaGamma,
  type GammaGamma,
  gammaGammaLogLikelihood,
  type Spend,
} from "./clv/gamma-gamma.ts";
export { customerLifetimeValue, LifetimeCustomer, LifetimeValueResult } from "./clv/lifetime-value.ts";
export { etsLogLikelihood, fitEts } from "./forecast/ets-fit.ts";
export type { EtsForm } from "./forecast/ets-form.ts";
export { SalesForecastResult, salesForecast } from "./forecast/sales-forecast.ts";
export { Frequency, SalesSeries } from "./forecast/sales-series.ts";
export { detectFraud, FraudResult } from "./fraud/fraud-detection.ts";
export type { OrderFacts } from "./fraud/orders.ts";
export { detectPaymentFraud, type PaymentFraudOptions, PaymentFraudResult } from "./fraud/payment-fraud.ts";
export type { CardPayment } from "./fraud/payment-history.ts";
export type { FraudLimits } from "./fraud/rules.ts";
export { fitIsolationForest, type IsolationForest } from "./learners/isolation-forest.ts";
export { findOpportunities, OpportunitiesResult } from "./market/opportunities.ts";
export { analyseRegions, RegionalResult } from "./market/regional.ts";
export type { SalesCell } from "./market/sales-cells.ts";
export { adjustedRand } from "./measures/adjusted-rand.ts";
export {
  averagePrecision,
  brierScore,
  calibrationError,
  rocAuc,
  type Scored,
} from "./measures/classification.ts";
export { QueryPatternsResult, type QueryUse, queryPatterns } from "./patterns/query-patterns.ts";
export type { KnownNames } from "./patterns/sql-pattern.ts";
export { type AuditedColumn, type AuditedObject, auditPci, PciAuditResult } from "./pci/pci-audit.ts";
export {
  count,
  finite,
  Metrics,
  type NotEnoughData,
  notEnoughData,
  probability,
  resultOf,
  TrainedOn,
} from "./result.ts";
export { chooseK } from "./segmentation/choose-k.ts";
export { type Clustering, cluster, clusterFrom } from "./segmentation/clusters.ts";
export { type CustomerSummary, rfmSpace } from "./segmentation/rfm.ts";
export { SegmentationResult, segmentCustomers } from "./segmentation/segmentation.ts";
export { SalesTrendResult, salesTrend } from "./trend/trend-analysis.ts";
