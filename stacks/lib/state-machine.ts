import type { Definition } from "../../workflows/asl/states.ts";
import { type EncryptedService, key, keyThrough } from "../encryption.ts";
import { alarm } from "./alarm.ts";
import { account, arn, named, settings } from "./identity.ts";
import { type Grant, roleFor } from "./policy.ts";
import { type Place, permissionsOf, servicesOf } from "./task-permissions.ts";

export interface StateMachineArgs {
  /** The machine's own name, as in `workflows/`: `raw-to-curated`. */
  readonly workflow: string;
  readonly definition: $util.Output<Definition>;
  /** What states may touch beside the resources that the definition names. */
  readonly grants?: readonly {
    readonly states: readonly string[];
    readonly actions: readonly string[];
    readonly resources: readonly $util.Input<string>[];
  }[];
  /** Where the machine's alarms go. */
  readonly alarmTopic: $util.Input<string>;
  /** Share of executions (0–1) above which failures raise the alarm. Default: the stage's setting. */
  readonly failedFraction?: number;
  /** Minutes above which one execution raises the alarm. Default: the stage's setting. */
  readonly slowMinutes?: number;
}

// X-Ray's and the log delivery's actions take no resource: AWS defines them on `*` only.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html and …/list_amazoncloudwatchlogs.html
const tracing: Grant = {
  actions: [
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
  ],
  resources: ["*"],
};
const logDelivery: Grant = {
  actions: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  resources: ["*"],
};

/** By which service's hands a machine's tasks use the key; Athena reads and writes objects. */
const encrypted: Readonly<Record<string, EncryptedService>> = {
  athena: "s3",
  dynamodb: "dynamodb",
  s3: "s3",
  sns: "sns",
  sqs: "sqs",
};

/**
 * A state machine with what belongs to one: a role that may do what the definition's tasks do and nothing else, a log
 * group, tracing, two alarms. Why it is not `sst.aws.StepFunctions`: docs/decisions/0010-state-machine-component.md.
 */
export class StateMachine extends $util.ComponentResource {
  /** By which SST's Linkable recognises the class. */
  static readonly __pulumiType = "penstock:aws:StateMachine";
  readonly arn: $util.Output<string>;

  constructor(name: string, args: StateMachineArgs, options?: $util.ComponentResourceOptions) {
    super(StateMachine.__pulumiType, name, {}, options);
    const physicalName = named(args.workflow);

    const logs = new aws.cloudwatch.LogGroup(
      `${name}Logs`,
      {
        // The prefix keeps the resource policy of log delivery, which has a size limit, from growing by each group.
        name: `/aws/vendedlogs/states/${physicalName}`,
        retentionInDays: settings.retention.logDays,
        kmsKeyId: key.arn,
      },
      { parent: this },
    );
    const role = roleFor(
      `${name}Role`,
      "states",
      {
        account,
        source: arn("states", `stateMachine:${physicalName}`),
        physicalName: `${physicalName}-machine`,
        grants: args.definition.apply((definition) =>
          $util
            .all([args.grants ?? [], account])
            .apply(([declared, account]) =>
              grantsFor(definition, declared, { region: settings.region, account, machine: physicalName }),
            ),
        ),
      },
      { parent: this },
    );
    const machine = new aws.sfn.StateMachine(
      name,
      {
        name: physicalName,
        type: "STANDARD",
        roleArn: role.arn,
        definition: args.definition.apply((definition) => JSON.stringify(definition, null, 2)),
        tracingConfiguration: { enabled: true },
        // Errors only, and without data: inputs and results are in the execution's history, which is encrypted.
        loggingConfiguration: {
          level: "ERROR",
          includeExecutionData: false,
          logDestination: $interpolate`${logs.arn}:*`,
        },
      },
      { parent: this },
    );
    this.arn = machine.arn;
    this.#alarms(name, args);
    this.registerOutputs({ arn: this.arn });
  }

  #alarms(name: string, args: StateMachineArgs): void {
    const dimensions = { StateMachineArn: this.arn };
    const count = (id: string, metricName: string) => ({
      id,
      metric: { namespace: "AWS/States", metricName, dimensions, stat: "Sum", period: 300 },
    });
    const failedFraction = args.failedFraction ?? settings.alarms.failedFraction;
    alarm(
      `${name}FailedAlarm`,
      {
        physicalName: `${args.workflow}-failed`,
        topic: args.alarmTopic,
        description: `More than ${failedFraction * 100} % of the executions of ${args.workflow} failed`,
        threshold: failedFraction,
        metricQueries: [
          count("failed", "ExecutionsFailed"),
          count("aborted", "ExecutionsAborted"),
          count("timedout", "ExecutionsTimedOut"),
          count("started", "ExecutionsStarted"),
          {
            id: "fraction",
            label: "failed executions per started",
            // Nothing started and something failed is an execution of an earlier period: count it whole.
            expression: "(failed + aborted + timedout) / IF(started > 0, started, 1)",
            returnData: true,
          },
        ],
      },
      { parent: this },
    );
    const slowMinutes = args.slowMinutes ?? settings.alarms.executionMinutes;
    alarm(
      `${name}SlowAlarm`,
      {
        physicalName: `${args.workflow}-slow`,
        topic: args.alarmTopic,
        description: `An execution of ${args.workflow} took more than ${slowMinutes} minutes`,
        namespace: "AWS/States",
        metricName: "ExecutionTime",
        dimensions,
        statistic: "Maximum",
        period: 300,
        threshold: slowMinutes * 60_000,
      },
      { parent: this },
    );
  }
}

sst.Linkable.wrap(StateMachine, (machine: StateMachine) => ({ properties: { arn: machine.arn } }));

function grantsFor(
  definition: Definition,
  declared: Parameters<typeof permissionsOf>[1],
  place: Place,
): Grant[] {
  const sealed = servicesOf(definition).flatMap((service) => encrypted[service] ?? []);
  return [
    ...permissionsOf(definition, declared, place),
    ...(sealed.length > 0 ? [keyThrough(...sealed)] : []),
    tracing,
    logDelivery,
  ];
}
