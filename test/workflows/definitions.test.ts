import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { diagram } from "../../workflows/asl/diagram.ts";
import { machines, statesOf } from "./machines.ts";

const here = import.meta.dirname;

test.each(Object.entries(machines))("%s is the definition that was reviewed", async (name, definition) => {
  await expect(`${JSON.stringify(definition, null, 2)}\n`).toMatchFileSnapshot(
    `${here}/expected/${name}.asl.json`,
  );
});

test.each(Object.entries(machines))("%s gives every task a timeout and a retry", (_name, definition) => {
  const tasks = statesOf(definition).filter(([, state]) => state.Type === "Task");

  expect(tasks.length).toBeGreaterThan(0);
  for (const [state, task] of tasks) {
    expect(task, state).toMatchObject({ TimeoutSeconds: expect.anything(), Retry: expect.any(Array) });
  }
});

test.each(Object.entries(machines))("%s gives each of its states a name of its own", (_name, definition) => {
  const names = statesOf(definition).map(([name]) => name);

  expect(names).toEqual([...new Set(names)]);
  expect(names.filter((name) => name.length > 80)).toEqual([]);
});

test.each(Object.entries(machines))("the README draws %s as it is", async (_name, definition) => {
  const readme = await readFile(`${here}/../../README.md`, "utf8");

  expect(readme).toContain(`\`\`\`mermaid\n${diagram(definition)}\n\`\`\``);
});
