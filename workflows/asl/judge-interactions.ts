import { ErrorNames } from "@penstock/runtime/errors";
import { flow, jsonata } from "./define.ts";
import { counted, type featureTasks, ofRun } from "./feature-tasks.ts";

/** What looks at interactions before anything is made of them: functions by ARN. */
export interface JudgingOf {
  readonly checkArrivals: string;
  readonly landInteractions: string;
  readonly judgeValidation: string;
  /** Slices of raw interactions that are landed side by side. */
  readonly landingConcurrency: number;
}

/** Plans that one execution makes at most when what it reads changes between plan and landing or judging. */
const MOST_PLANS = 3;

/** Raw objects, or those of a catalogue, are others than those that were planned: plan again. */
const planIsOld = [ErrorNames.ObjectChanged, ErrorNames.ObjectMissing] as const;

/**
 * From a plan to its verdict: arrivals that are too few are told, raw objects landed, thresholds held. Goes on at `Clean`
 * with `$verdict`; ends in `ValidationFailed`, `RawKeepsChanging` or, where no more was asked for or no day has a
 * line, in `Judged`. Reads `$run` and `$plans`.
 */
export function judgeInteractions(
  resources: JudgingOf,
  { invoke, notify, record, lock }: ReturnType<typeof featureTasks>,
) {
  return {
    CheckArrivals: {
      ...invoke(resources.checkArrivals, ofRun),
      Assign: { alerts: jsonata("[$states.result.Payload.alerts]") },
      Next: "AnyAlert",
    },
    AnyAlert: {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$count($alerts) > 0"), Next: "NotifyArrivals" }],
      Default: "Land",
    },
    NotifyArrivals: {
      ...notify("arrivals of interactions need a look", "'alerts': $alerts"),
      Comment: "Told, and gone on with what there is",
      Next: "Land",
    },
    Land: {
      Type: "Map",
      Comment: "Lines of JSON to typed rows, and to quarantine with a reason",
      Items: jsonata("[$run.slices]"),
      ItemSelector: { plan: jsonata("$run.plan"), slice: jsonata("$states.context.Map.Item.Value") },
      MaxConcurrency: resources.landingConcurrency,
      ItemProcessor: flow("LandSlice", {
        LandSlice: {
          ...invoke(resources.landInteractions, jsonata("$states.input")),
          Output: jsonata("$states.result.Payload"),
          End: true,
        },
      }),
      Catch: [{ ErrorEquals: planIsOld, Next: "MorePlans" }],
      Next: "JudgeValidation",
    },
    MorePlans: {
      Type: "Choice",
      Comment: "An object that was planned was written anew, or is gone",
      Choices: [{ Condition: jsonata(`$plans < ${MOST_PLANS}`), Next: "PlanFeatures" }],
      Default: "RawKeepsChanging",
    },
    RawKeepsChanging: {
      Type: "Fail",
      Error: "RawKeepsChanging",
      Cause: jsonata("'Raw objects changed under each of ' & $plans & ' plans of ' & $run.run_id"),
    },
    JudgeValidation: {
      ...invoke(resources.judgeValidation, ofRun),
      Catch: [{ ErrorEquals: planIsOld, Next: "MorePlans" }],
      Assign: { verdict: jsonata("$states.result.Payload") },
      Next: "Verdict",
    },
    Verdict: {
      Type: "Choice",
      Choices: [
        { Condition: jsonata("$not($verdict.passed)"), Next: "NotifyBroken" },
        {
          Condition: jsonata("$verdict.state = 'empty'"),
          Assign: { judged: "EMPTY" },
          Next: "ReturnJudged",
        },
        {
          Condition: jsonata("$run.validate_only"),
          Assign: { judged: "VALIDATED" },
          Next: "ReturnJudged",
        },
      ],
      Default: "Clean",
    },
    NotifyBroken: {
      ...notify(
        "validation of interactions failed",
        "'report': $verdict.report, 'broken': [$verdict.broken]",
      ),
      Next: "ValidationFailed",
    },
    ValidationFailed: {
      Type: "Fail",
      Comment:
        "Not the state that a redrive could mend: other data, or other thresholds, are another execution",
      Error: "ValidationFailed",
      Cause: jsonata(
        "'Thresholds broke for ' & $join([$verdict.broken.check], ', ') & '; see ' & $verdict.report",
      ),
    },
    ReturnJudged: {
      ...lock.giveBack,
      Comment: "No more was asked for; or there was nothing to go on with, and what is current stays so",
      Catch: [{ ...lock.taken, Next: "RecordJudged" }],
      Next: "RecordJudged",
    },
    RecordJudged: {
      ...record({
        status: { S: jsonata("$judged") },
        report: { S: jsonata("$verdict.report") },
        lines: counted("$verdict.lines"),
        rows: counted("$verdict.rows"),
        rejected: counted("$verdict.rejected"),
        later_catalogue_days: counted("$verdict.later_catalogue.days"),
        later_catalogue_rows: counted("$verdict.later_catalogue.rows"),
      }),
      Output: {
        status: jsonata("$judged"),
        run_id: jsonata("$run.run_id"),
        attempt: jsonata("$run.attempt"),
        report: jsonata("$verdict.report"),
        rows: jsonata("$verdict.rows"),
        rejected: jsonata("$verdict.rejected"),
      },
      Next: "Judged",
    },
    Judged: { Type: "Succeed" },
  } as const;
}
