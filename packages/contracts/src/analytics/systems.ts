import { type AnalystTable, analystTable } from "./analyst-table.ts";

/** One report of a system: a model's answer, its rows as a table, the rest as a {@link ReportHead}. */
export interface ReportContract {
  readonly description: string;
  readonly table: AnalystTable;
}

/** One of the five systems, with its reports by name. */
export interface SystemContract {
  readonly title: string;
  readonly reports: Readonly<Record<string, ReportContract>>;
}

const series = {
  region: ["string", "the region, or 'all'"],
  category: ["string", "the category, or 'all'"],
} as const;
const outcome = {
  status: ["string", "'ok' or 'not enough data'"],
  reason: ["string", "why there is no answer; null where there is one"],
} as const;

const marketIntelligenceHub: SystemContract = {
  title: "Market Intelligence Hub",
  reports: {
    "sales-forecast": {
      description: "Expected revenue per region and category, with prediction intervals",
      table: analystTable({
        name: "sales_forecast",
        description: "Forecasts of revenue",
        columns: {
          ...series,
          frequency: ["string", "'day' or 'month'"],
          forecast_date: ["date", "the day, or the first of the month"],
          mean: ["double", "expected revenue of the day or month"],
          lower_80: ["double", "within these two lies 80 %"],
          upper_80: ["double", "within these two lies 80 %"],
          lower_95: ["double", "within these two lies 95 %"],
          upper_95: ["double", "within these two lies 95 %"],
        },
        orderBy: ["region", "category", "frequency", "forecast_date"],
      }),
    },
    "forecast-series": {
      description: "How each series was forecast, and those that say too little",
      table: analystTable({
        name: "forecast_series",
        description: "Series of the forecasts",
        columns: {
          ...series,
          frequency: ["string", "'day' or 'month'"],
          ...outcome,
          method: ["string", "'combination' or 'seasonal_naive'; null without a forecast"],
          observations: ["bigint", "values that it was fitted to"],
          relative_rmse: ["double", "rolling-origin error over that of seasonal naive; below 1 is better"],
        },
        orderBy: ["region", "category", "frequency"],
      }),
    },
    "sales-trend": {
      description: "Direction, seasonality and change points of revenue",
      table: analystTable({
        name: "sales_trend",
        description: "Trends of revenue",
        columns: {
          ...series,
          frequency: ["string", "'day' or 'month'"],
          ...outcome,
          direction: ["string", "'rising', 'falling' or 'no clear trend'"],
          p_value: ["double", "of the direction, Mann-Kendall"],
          slope_per_period: ["double", "revenue per day or month"],
          growth_per_season: ["double", "slope over a season over the mean"],
          seasonality_strength: ["double", "0 to 1; null for less than two seasons"],
          trend_strength: ["double", "0 to 1; null for less than two seasons"],
          change_points: ["bigint", "dates on which a new line begins"],
          last_change_point: ["date", "the latest of them; null without any"],
        },
        orderBy: ["region", "category", "frequency"],
      }),
    },
  },
};

const demandInsightsEngine: SystemContract = {
  title: "Demand Insights Engine",
  reports: {
    segments: {
      description: "Segments of customers by recency, frequency and spend",
      table: analystTable({
        name: "segments",
        description: "Segments of customers",
        columns: {
          segment: ["string", "its name"],
          customers: ["bigint", "how many"],
          share: ["double", "of the customers, 0 to 1"],
          spend_share: ["double", "of all spend, 0 to 1"],
          recency_days: ["double", "median days since the latest order"],
          orders: ["double", "median orders"],
          spend: ["double", "median spend"],
        },
        orderBy: ["segment"],
      }),
    },
    "customer-segments": {
      description: "The segment of each customer",
      table: analystTable({
        name: "customer_segments",
        description: "Customers with their segment",
        columns: { customer_id: ["string", "the person"], segment: ["string", "name of the segment"] },
        orderBy: ["customer_id"],
      }),
    },
    "lifetime-value": {
      description: "What each customer is expected to spend",
      table: analystTable({
        name: "lifetime_value",
        description: "Customers with their expected value",
        columns: {
          customer_id: ["string", "the person"],
          alive_probability: ["double", "that they still buy, 0 to 1"],
          expected_purchases: ["double", "days with a purchase within the horizon"],
          expected_spend: ["double", "per such day"],
          lifetime_value: ["double", "discounted revenue within the horizon"],
        },
        orderBy: ["customer_id"],
      }),
    },
    churn: {
      description: "Who is likely not to come back, and why",
      table: analystTable({
        name: "churn",
        description: "Customers with their probability to leave",
        columns: {
          customer_id: ["string", "the person"],
          churn_probability: ["double", "of no purchase in the days after the data, 0 to 1"],
          reason_1: ["string", "what weighs most; null where nothing does"],
          effect_1: ["double", "in log-odds, above 0 towards leaving"],
          reason_2: ["string", "what weighs second"],
          effect_2: ["double", "in log-odds"],
          reason_3: ["string", "what weighs third"],
          effect_3: ["double", "in log-odds"],
        },
        orderBy: ["customer_id"],
      }),
    },
  },
};

const complianceGuardian: SystemContract = {
  title: "Compliance Guardian",
  reports: {
    "order-risk": {
      description: "The risk of each order with its components",
      table: analystTable({
        name: "order_risk",
        description: "Orders with their risk",
        columns: {
          order_id: ["string", "the order"],
          risk: ["double", "0 to 100, the sum of the four components"],
          risk_anomaly: ["double", "of the isolation forest"],
          risk_velocity: ["double", "of many orders in a short time"],
          risk_mismatch: ["double", "of what was paid against what was owed, and of regions"],
          risk_amount: ["double", "of an unusual amount"],
          anomaly: ["double", "score of the isolation forest, 0 to 1"],
          flagged: ["boolean", "a rule is broken or the order stands apart"],
          reasons: ["string", "why, in words; null where it is not flagged"],
        },
        orderBy: ["order_id"],
      }),
    },
    "pci-columns": {
      description: "Columns searched for card data, and what was masked",
      table: analystTable({
        name: "pci_columns",
        description: "Columns that were searched",
        columns: {
          table_name: ["string", "the curated table"],
          column_name: ["string", "its column"],
          scan: ["string", "class of the column, 'free text' or 'misplaced'"],
          objects: ["bigint", "objects that were searched"],
          scanned: ["bigint", "values looked at"],
          masked: ["bigint", "values changed"],
          masked_share: ["double", "0 to 1"],
        },
        orderBy: ["table_name", "column_name", "scan"],
      }),
    },
    "pci-findings": {
      description: "Card data where none may stand",
      table: analystTable({
        name: "pci_findings",
        description: "Findings of the PCI audit",
        columns: {
          severity: ["string", "'high' or 'medium'"],
          table_name: ["string", "the table"],
          column_name: ["string", "its column"],
          finding: ["string", "what was found and done"],
          found: ["bigint", "values that were found and masked"],
          objects: ["bigint", "objects that held them"],
        },
        orderBy: ["table_name", "column_name", "finding"],
      }),
    },
  },
};

const globalMarketPulse: SystemContract = {
  title: "Global Market Pulse",
  reports: {
    opportunities: {
      description: "Where growth, share and margin promise most",
      table: analystTable({
        name: "opportunities",
        description: "Regions and categories with their score",
        columns: {
          ...series,
          basis: ["string", "'growth × share × margin', or without margin where a cost is not known"],
          growth: ["double", "of revenue per month, a rate"],
          share: ["double", "of all revenue, 0 to 1"],
          margin: ["double", "null where a cost is not known"],
          score: ["double", "product of the factors"],
          score_low: ["double", "lower end of its 90 % interval"],
          score_high: ["double", "upper end of its 90 % interval"],
          is_certain: ["boolean", "even the lower end is above 0"],
        },
        orderBy: ["region", "category"],
      }),
    },
    regions: {
      description: "Size, growth and specialty of each region",
      table: analystTable({
        name: "regions",
        description: "Regions",
        columns: {
          region: ["string", "the region"],
          revenue: ["double", "of all months"],
          share: ["double", "of all revenue, 0 to 1"],
          orders: ["bigint", "orders, counted once per category"],
          revenue_per_order: ["double", "per order and category; null without orders"],
          growth: ["double", "of revenue per month, a rate; null where it cannot be told"],
          growth_low: ["double", "lower end of its 90 % interval"],
          growth_high: ["double", "upper end of its 90 % interval"],
          specialty: ["string", "category that the region buys more of than others do; null without"],
          location_quotient: ["double", "its share there over its share everywhere"],
        },
        orderBy: ["region"],
      }),
    },
  },
};

const retailCopilot: SystemContract = {
  title: "Retail Copilot",
  reports: {
    "query-patterns": {
      description: "What is asked of the marts, how often, how fast and how dear",
      table: analystTable({
        name: "query_patterns",
        description: "Patterns of queries, values taken out",
        columns: {
          pattern: ["string", "the query with ? for every value"],
          tables: ["string", "tables that it reads, sorted, with commas"],
          queries: ["bigint", "how often"],
          asked: ["bigint", "of them, questions to the copilot"],
          failed: ["bigint", "of them, failed or refused"],
          median_seconds: ["double", "of those that ran; null where none did"],
          p95_seconds: ["double", "of those that ran; null where none did"],
          scanned_bytes: ["bigint", "by all of them"],
          last_at: ["timestamp", "of the latest, UTC"],
        },
        orderBy: ["pattern"],
      }),
    },
  },
};

/** The five systems by the name that buckets, branches and the API use. */
export const systems = {
  "market-intelligence-hub": marketIntelligenceHub,
  "demand-insights-engine": demandInsightsEngine,
  "compliance-guardian": complianceGuardian,
  "global-market-pulse": globalMarketPulse,
  "retail-copilot": retailCopilot,
} as const satisfies Readonly<Record<string, SystemContract>>;

export type SystemName = keyof typeof systems;

/** The contract of a system whose name comes from outside; undefined for an unknown one. */
export function systemFor(name: string): SystemContract | undefined {
  const all: Readonly<Record<string, SystemContract>> = systems;
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
