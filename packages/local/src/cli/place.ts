import { readdirSync } from "node:fs";
import path from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Executions, type Machines, stepFunctionsExecutions } from "@penstock/runtime/executions";
import type { CloudDescription } from "../cloud/index.ts";
import { NoLocalCloud, root, runningCloud } from "./running-cloud.ts";

/** As app() of sst.config.ts says. */
const APP = "penstock";

/** A stage cannot be looked at: it is not deployed there, or there is no way to it. */
export class StageUnknown extends Error {
  override readonly name = "StageUnknown";
}

/** Where the executions are: in the local cloud that runs, or in a stage on AWS. */
export interface Place {
  /** For people: `the local cloud`, `stage production`. */
  readonly title: string;
  readonly machines: Machines;
  /** What the names of the functions and queues begin with: `penstock-production`. */
  readonly prefix: string;
  readonly executions: Executions;
  /** How long to wait between two looks at an execution, milliseconds: calls to AWS are counted. */
  readonly pollMs: number;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  deadLetterUrl(): Promise<string>;
  close(): void;
}

/**
 * Looks at the local cloud, or at a stage with the user's own credentials and region, found as the AWS CLI finds them,
 * and closes the way afterwards. @throws {NoLocalCloud} {@link StageUnknown}
 */
export async function atPlace<Result>(
  stage: string | undefined,
  look: (place: Place) => Promise<Result>,
): Promise<Result> {
  const place = await (stage === undefined ? localPlace() : deployedPlace(stage));
  try {
    return await look(place);
  } finally {
    place.close();
  }
}

async function localPlace(): Promise<Place> {
  const cloud = await runningCloud();
  if (cloud === undefined) throw new NoLocalCloud();
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const options = { region: cloud.region, endpoint: cloud.endpoint, credentials };
  const sfn = new SFNClient(options);
  const machines = localMachines(cloud);
  return {
    title: "the local cloud",
    pollMs: 200,
    ...access(
      { sfn, sqs: new SQSClient(options), lambda: new LambdaClient(options) },
      machines,
      `${cloud.app}-${cloud.stage}`,
    ),
  };
}

function localMachines({ app, stage, machines }: CloudDescription): Machines {
  const prefix = `${app}-${stage}-`;
  return Object.fromEntries(Object.values(machines).map((arn) => [nameOf(arn).replace(prefix, ""), arn]));
}

async function deployedPlace(stage: string): Promise<Place> {
  const prefix = `${APP}-${stage}`;
  const sfn = new SFNClient({});
  try {
    const machines = await deployedMachines(sfn, stage, prefix);
    return {
      title: `stage ${stage}`,
      pollMs: 2000,
      ...access({ sfn, sqs: new SQSClient({}), lambda: new LambdaClient({}) }, machines, prefix),
    };
  } catch (error) {
    sfn.destroy();
    throw error;
  }
}

async function deployedMachines(sfn: SFNClient, stage: string, prefix: string): Promise<Machines> {
  // One file a workflow. Without the names, the machines of a stage "a-b" would pass for those of a stage "a".
  const workflows = readdirSync(path.join(root, "workflows"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3));
  const machines: Record<string, string> = {};
  let nextToken: string | undefined;
  do {
    const page = await sfn
      .send(new ListStateMachinesCommand({ maxResults: 1000, ...(nextToken && { nextToken }) }))
      .catch((error: Error) => {
        throw new StageUnknown(
          `Stage "${stage}" cannot be looked up: ${error.name}: ${error.message}. Credentials and region are found as ` +
            "the AWS CLI finds them (AWS_PROFILE, AWS_REGION).",
        );
      });
    for (const { name, stateMachineArn } of page.stateMachines ?? []) {
      const workflow = workflows.find((each) => name === `${prefix}-${each}`);
      if (workflow !== undefined && stateMachineArn !== undefined) machines[workflow] = stateMachineArn;
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  if (Object.keys(machines).length > 0) return machines;
  const region = await sfn.config.region();
  throw new StageUnknown(
    `No state machine of stage "${stage}" is in ${region} of this account. Deploy it with \`npx sst deploy --stage ${stage}\`, ` +
      "or name its account and region (AWS_PROFILE, AWS_REGION).",
  );
}

function access(
  { sfn, sqs, lambda }: Pick<Place, "sfn" | "sqs" | "lambda">,
  machines: Machines,
  prefix: string,
) {
  return {
    machines,
    prefix,
    lambda,
    executions: new Executions(stepFunctionsExecutions(sfn), machines),
    sfn,
    sqs,
    deadLetterUrl: async () => {
      const { QueueUrl = "" } = await sqs.send(
        new GetQueueUrlCommand({ QueueName: `${prefix}-dead-letters` }),
      );
      return QueueUrl;
    },
    close: () => {
      sfn.destroy();
      sqs.destroy();
      lambda.destroy();
    },
  };
}

/** The last part of an ARN. */
export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
