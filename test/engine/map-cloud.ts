import { PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateStateMachineCommand } from "@aws-sdk/client-sfn";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, execute } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";

export const bucket = "data";

/** The processor of a Distributed Map, which by default hands each child's input on. */
export const processor = (states: object = { Item: { Type: "Pass", End: true } }, type = "STANDARD") => ({
  ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: type },
  StartAt: Object.keys(states)[0],
  States: states,
});

/** A role that may read and write objects, and nothing else. */
export const objectsOnly = "arn:aws:iam::000000000000:role/objects-only";

/** A local cloud with one bucket, in which a test makes its own machines. */
export async function mapCloud() {
  const seed = graph.machine("seed", { StartAt: "A", States: { A: { Type: "Succeed" } } });
  const objects = graph.role("objects-only", [{ Effect: "Allow", Action: "s3:*", Resource: "*" }]);
  const resources = [graph.bucket(bucket), seed, objects];
  const cloud: Cloud = await bootCloud(graph.graphOf(resources), { root: graph.root });
  const { s3, sfn } = clientsOf(cloud.endpoint);
  let machines = 0;

  /** Creates a machine of one Map state, `Each`. */
  async function create(map: object, roleArn = "arn:aws:iam::000000000000:role/seed-role"): Promise<string> {
    machines += 1;
    const Each = { Type: "Map", ItemProcessor: processor(), End: true, ...map };
    const { stateMachineArn } = await sfn.send(
      new CreateStateMachineCommand({
        name: `map-${machines}`,
        roleArn,
        definition: JSON.stringify({ QueryLanguage: "JSONata", StartAt: "Each", States: { Each } }),
      }),
    );
    if (stateMachineArn === undefined) throw new Error("CreateStateMachine gave no ARN");
    return stateMachineArn;
  }

  return {
    cloud,
    s3,
    sfn,
    create,
    /** Runs a machine of one Map state to its end. */
    run: async (map: object, input: unknown = {}) => execute(sfn, await create(map), input),
    put: (Key: string, Body: string | Uint8Array) =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body })),
    close: () => cloud.close(),
  };
}
