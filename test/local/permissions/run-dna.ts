import { InvokeCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { DeleteStateMachineCommand } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { bootCloud } from "../../../packages/local/src/cloud/index.ts";
import type { Grant } from "../../../packages/local/src/cloud/permissions/index.ts";
import { fastClock } from "../../../packages/local/src/engine/index.ts";
import { machinesOf, type ResourceGraph } from "../../../packages/local/src/render/index.ts";
import { settled } from "../../e2e/prod-cloud.ts";
import { clientsOf } from "../clients.ts";
import { root } from "../small-graph.ts";

const bank = "Date,Description,Amount\n2026-01-02,Spotify subscription,-9.99\n2026-01-03,Salary,3200.00\n";
const Registered = v.object({ user: v.string() });
const Place = v.object({ url: v.string(), headers: v.record(v.string(), v.string()) });

/**
 * The life of a person's exports by way of the API: registered, uploaded, read, refused, changed, read by hand, personas
 * shown, erased; what is gone, and what comes late.
 */
export async function dnaDays(graph: ResourceGraph): Promise<readonly Grant[]> {
  const cloud = await bootCloud(graph, { root, notesGrants: true, clock: fastClock(1000) });
  const { s3, sfn, lambda } = clientsOf(cloud.endpoint);
  const stateMachineArn = machinesOf(graph).find(({ workflow }) => workflow === "digital-dna")?.arn;
  const { apis, issuers } = cloud.httpApis;
  const { url: issuer = "", clients = [] } = issuers.ApiCallers ?? {};
  const token = async (scope: string) => {
    const client = clients.find(({ scopes }) => scopes.includes(scope));
    const granted = await fetch(`${issuer}/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${client?.id}:${client?.secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope }),
    });
    return v.parse(v.object({ access_token: v.string() }), await granted.json()).access_token;
  };
  const ask = async (scope: string, method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${apis.HttpApi}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${await token(`penstock/${scope}`)}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    return answer.json();
  };
  const data = String(graph.outputs.dnaData);
  const put = async (Key: string, Body: string) => {
    await s3.send(new PutObjectCommand({ Bucket: data, Key, Body }));
  };
  const invoke = async (task: string, event: object) => {
    const FunctionName = `${graph.app}-${graph.stage}-${task}`;
    const Payload = JSON.stringify({ run_id: "by-hand", ...event });
    await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  };
  try {
    const { user } = v.parse(
      Registered,
      await ask("exports", "POST", "/dna/users", { email: "somebody@example.org" }),
    );
    const where = await ask("exports", "POST", `/dna/users/${user}/uploads`, {
      file: "bank.csv",
      bytes: bank.length,
    });
    const { url, headers } = v.parse(Place, where);
    await fetch(url, { method: "PUT", headers, body: bank });
    await settled(cloud);
    await put(`${user}/stage1/picture.bin`, "\u0000\u0001\u0002\u0003".repeat(100));
    await put(`${user}/stage2/notes.json`, "no document");
    await settled(cloud);
    await ask("run", "POST", "/pipelines/digital-dna/executions", { user, file: "bank.csv" });
    await ask("exports", "GET", `/dna/users/${user}/files`);
    await ask("personas", "GET", `/dna/users/${user}/personas`);
    await settled(cloud);
    // What is gone is told by its name, for which a role must be allowed to look.
    const work = `s3://${graph.outputs.dnaWork}/${user}`;
    const reading = { user, file: "gone.csv", plan: `${work}/0123456789abcdef/plan.json` };
    await invoke("ReadExport", { user, file: "gone.csv", by_hand: false });
    await invoke("CategoriseChunk", { ...reading, chunk: 0 });
    await invoke("WriteDocument", { ...reading, failed: [] });
    const plan = `${work}/personas/0123456789abcdef/plan-1.json`;
    await invoke("UpdatePersona", { user, plan, type: "social" });
    await invoke("SavePersonas", { user, plan, failed: [] });
    await s3.send(new DeleteObjectCommand({ Bucket: data, Key: `${user}/stage2/notes.json` }));
    await ask("exports", "DELETE", `/dna/users/${user}`);
    await settled(cloud);
    await sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
    await put(`${user}/stage1/late.csv`, bank);
    await settled(cloud);
    return cloud.neededGrants();
  } finally {
    await cloud.close();
  }
}
