import { expect, test } from "vitest";
import { Turns } from "../../packages/local/src/cloud/lambda/turns.ts";

/** Lets everything that can settle settle. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A line for turns that notes who is admitted. */
function line(limit: number) {
  const turns = new Turns(limit);
  const admitted: string[] = [];
  const take = (kind: string, name: string) =>
    void turns.take(kind).then((got) => admitted.push(got ? name : `${name} refused`));
  return { turns, admitted, take };
}

test("no more have their turn than may, and the others come in order", async () => {
  const { turns, admitted, take } = line(2);
  for (const name of ["1", "2", "3", "4"]) take("a", name);
  await turn();
  expect([admitted, turns.running, turns.waiting]).toEqual([["1", "2"], 2, 2]);

  turns.giveBack("a");
  await turn();
  turns.giveBack("a");
  await turn();

  expect([admitted, turns.running, turns.waiting]).toEqual([["1", "2", "3", "4"], 2, 0]);
});

test("a kind with a long line does not hold up another", async () => {
  const { turns, admitted, take } = line(2);
  for (const name of ["long 1", "long 2", "long 3", "long 4"]) take("long", name);
  for (const name of ["short 1", "short 2"]) take("short", name);

  await turn();
  turns.giveBack("long");
  await turn();
  turns.giveBack("short");
  await turn();

  expect(admitted).toEqual(["long 1", "long 2", "short 1", "short 2"]);
});

test("it is quiet while few wait, and again when few are left", async () => {
  const { turns, take } = line(1);
  for (let index = 0; index < 6; index++) take("a", String(index));
  let quiet = false;
  const told = turns.quiet().then(() => {
    quiet = true;
  });
  await turn();
  expect([turns.waiting, quiet]).toEqual([5, false]);

  turns.giveBack("a");
  await told;

  expect(turns.waiting).toBe(4);
});

test("at the end those who wait are refused and nobody waits for quiet", async () => {
  const { turns, admitted, take } = line(1);
  for (let index = 0; index < 7; index++) take("a", String(index));
  const quiet = turns.quiet();

  turns.close();
  await quiet;

  expect(admitted).toEqual([
    "0",
    "1 refused",
    "2 refused",
    "3 refused",
    "4 refused",
    "5 refused",
    "6 refused",
  ]);
  expect(await turns.take("a")).toBe(false);
});
