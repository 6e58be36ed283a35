import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { inParallel } from "@penstock/runtime";
import type { PlantedExport } from "../../exports/planted-export.ts";
import { PEOPLE, sampleExports } from "../../exports/sample-exports.ts";
import { registerPerson, sendExport } from "../../exports/send-exports.ts";
import { apiCaller } from "../call-api.ts";
import { machineArn, type Run } from "../run.ts";
import { settle } from "../settle.ts";
import { leaksOf, type PersonDna, personDna } from "./person-dna.ts";

/** Exports that are on their way. */
export interface SentExports {
  readonly planted: readonly PlantedExport[];
  /** Ids of the people, in the order in which the exports name them. */
  readonly users: readonly string[];
}

/** What became of the sample's exports. */
export interface SampleDna extends SentExports {
  readonly people: readonly PersonDna[];
  /** Objects that have a planted number in clear. */
  readonly leaks: readonly string[];
  /** People whose personas are others when they are made anew of the same documents. */
  readonly unsteady: readonly string[];
}

/** Registers the sample's people and uploads their exports; the objects' events do the rest. */
export async function sendSampleExports(
  { cloud, signal }: Pick<Run, "cloud" | "signal">,
  seed: number,
): Promise<SentExports> {
  const planted = await sampleExports(seed);
  const call = await apiCaller(cloud, "penstock/exports", signal);
  const users: string[] = [];
  for (let person = 0; person < PEOPLE; person += 1)
    users.push((await registerPerson(call, `person-${person + 1}@example.org`)).user);
  await inParallel(planted, (each) => sendExport(call, users[each.person] ?? "", each, signal));
  return { planted, users };
}

/** Waits for what became of them, and makes everybody's personas once more, which must not change them. */
export async function sampleDna(run: Run, { planted, users }: SentExports): Promise<SampleDna> {
  await settle(run);
  const secrets = planted.flatMap((each) => each.secrets);
  const people: PersonDna[] = [];
  const leaks: string[] = [];
  for (const user of users) {
    people.push(await personDna(run, user));
    leaks.push(...(await leaksOf(run, user, secrets)));
    const stateMachineArn = machineArn(run, "digital-dna");
    await run.stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ user }) }),
    );
  }
  await settle(run);
  const unsteady: string[] = [];
  for (const { user, personas } of people) {
    const again = (await personDna(run, user)).personas;
    if (JSON.stringify(again) !== JSON.stringify(personas)) unsteady.push(user);
  }
  return { planted, users, people, leaks, unsteady };
}
