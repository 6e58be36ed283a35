import { key } from "../encryption.ts";
import { named, settings } from "./identity.ts";
import { sqlPackages } from "./native-packages.ts";
import { type Grant, statement, trust } from "./policy.ts";

export interface TaskArgs {
  readonly description: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Ephemeral disk; Lambda's smallest when not given. */
  readonly storageMb?: number;
  readonly link: readonly unknown[];
  /** Packages with native parts: installed beside the bundle, at these exact versions. */
  readonly install: Readonly<Record<string, string>>;
  readonly grants: readonly Grant[];
}

/** The `service` dimension of all metrics of our tasks: they share a namespace with the account's other stages. */
export const metricService = `${$app.name}-${$app.stage}`;

/** A Lambda function that a state machine or an API calls: Node 24 on arm64, traced, its logs kept and encrypted by us. */
export function task(name: string, args: TaskArgs): sst.aws.Function {
  const physicalName = named(name);
  const logs = new aws.cloudwatch.LogGroup(`${name}Logs`, {
    name: `/aws/lambda/${physicalName}`,
    retentionInDays: settings.retention.logDays,
    kmsKeyId: key.arn,
  });
  const grants: Grant[] = [
    ...args.grants,
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [$interpolate`${logs.arn}:*`] },
    // X-Ray's actions take no resource: AWS defines them on `*` only.
    { actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], resources: ["*"] },
  ];
  return new sst.aws.Function(name, {
    name: physicalName,
    description: args.description,
    handler: args.handler,
    runtime: "nodejs24.x",
    architecture: "arm64",
    memory: `${args.memoryMb} MB`,
    timeout: `${args.timeoutSeconds} seconds`,
    ...(args.storageMb !== undefined && { storage: `${args.storageMb} MB` }),
    link: [...args.link],
    environment: { POWERTOOLS_SERVICE_NAME: metricService },
    // What cannot be bundled is left out also where it is not installed: shared code names it, and tree shaking comes too late.
    nodejs: { install: { ...args.install }, esbuild: { external: Object.keys(sqlPackages) } },
    logging: { logGroup: logs.name, format: "json" },
    permissions: grants.map(statement),
    transform: {
      role: {
        name: named(`${name}-task`),
        // SST attaches a managed policy that allows logs on every group of the account; the grants above name ours.
        managedPolicyArns: [],
        // SST 4.17.1 admits every principal of the account beside Lambda: the choice between the two is made on an
        // output, which is always true.
        assumeRolePolicy: trust("lambda"),
      },
      function: { tracingConfig: { mode: "Active" } },
    },
  });
}
