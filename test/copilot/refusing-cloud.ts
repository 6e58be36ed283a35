import { ListQueryExecutionsCommand } from "@aws-sdk/client-athena";
import { CopilotRefusal, type MartsManifest } from "@penstock/contracts";
import { askCopilot } from "@penstock/copilot";
import * as v from "valibot";
import { bootCloud, type Cloud, type CloudOptions } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";
import { inFunction, ports } from "./asking.ts";
import { current, makeCurrent, putManifest, resources, settings } from "./small-marts.ts";

const object = (month: string, bytes: number) => ({ key: "k", rows: 1, bytes, partition: { month } });
const manifest: MartsManifest = {
  build: current,
  built_at: "2018-05-01T06:00:00Z",
  as_of: "2018-04-18",
  curated_rows: 1,
  orders_left_out: 0,
  tables: {
    orders: { rows: 1, bytes: 100, objects: [object("2018-01", 100)] },
    sales: { rows: 2, bytes: 1500, objects: [object("2018-01", 800), object("2018-02", 700)] },
  },
};

/** A cloud with a current build of which only the manifest is there: nothing is to be read. */
export async function refusingCloud(model: Pick<CloudOptions, "model"> = {}): Promise<Cloud> {
  const cloud = await bootCloud(resources(), { root: graph.root, ...model });
  inFunction(cloud.endpoint);
  const clients = clientsOf(cloud.endpoint);
  await putManifest(clients, manifest);
  await makeCurrent(clients, current);
  return cloud;
}

/** Why a question is refused. A question may read a thousand bytes there. @throws Error for an answer */
export async function refusal(question: string): Promise<CopilotRefusal> {
  const asked = await askCopilot(question, ports({ maxBytes: 1000 }));
  if (asked.outcome === "answered") throw new Error(`answered by ${asked.answer.sql}`);
  return v.parse(CopilotRefusal, asked.refusal);
}

/** Ids of the queries that Athena was ever given. */
export async function queriesInAthena({ endpoint }: Cloud): Promise<readonly string[]> {
  const { athena } = clientsOf(endpoint);
  const command = new ListQueryExecutionsCommand({ WorkGroup: settings.workgroup });
  return (await athena.send(command)).QueryExecutionIds ?? [];
}
