import { beforeEach, describe, expect, it } from "vitest";
import { Executions } from "../../packages/runtime/src/executions/index.ts";
import { FakePort, machines } from "./fake-port.ts";

let port: FakePort;
let executions: Executions;
beforeEach(() => {
  port = new FakePort();
  executions = new Executions(port, machines);
});

describe("an execution is started once for one key", () => {
  it("while it runs", async () => {
    const first = await executions.start("reconcile", { a: 1, b: { c: 2, d: 3 } }, "once");
    const second = await executions.start("reconcile", { b: { d: 3, c: 2 }, a: 1 }, "once");

    expect(second).toEqual(first);
    expect(port.executions.size).toBe(1);
  });

  it("after its end, which Step Functions alone would refuse", async () => {
    port.add(machines.reconcile, "once", {
      status: "FAILED",
      stoppedAt: new Date(port.now),
      input: '{"b": 2, "a": 1}',
    });

    const again = await executions.start("reconcile", { a: 1, b: 2 }, "once");

    expect(again).toMatchObject({ id: "reconcile:once", status: "FAILED" });
    expect(port.executions.size).toBe(1);
  });

  it("and refused with another input", async () => {
    await executions.start("reconcile", { a: 1 }, "once");

    await expect(executions.start("reconcile", { a: 2 }, "once")).rejects.toMatchObject({
      name: "NameTaken",
    });
  });

  it("of one workflow: another has keys of its own", async () => {
    await executions.start("reconcile", {}, "once");
    const other = await executions.start("raw-to-curated", {}, "once");

    expect(other.id).toBe("raw-to-curated:once");
  });
});

describe("executions of several workflows are one list", () => {
  const order = [
    "raw-to-curated",
    "reconcile",
    "reconcile",
    "on-failure",
    "raw-to-curated",
    "reconcile",
  ] as const;

  function fill(count: number) {
    return Array.from({ length: count }, (_, index) => {
      const workflow = order[index % order.length] ?? "reconcile";
      port.add(machines[workflow], `e${index}`);
      return `${workflow}:e${index}`;
    }).reverse();
  }

  /** Every page until there is none. */
  async function pages(limit: number, between: () => void = () => {}) {
    const ids: string[][] = [];
    let token: string | undefined;
    do {
      const page = await executions.list({ limit, token });
      ids.push(page.executions.map(({ id }) => id));
      token = page.next_token ?? undefined;
      between();
    } while (token !== undefined);
    return ids;
  }

  it.each([
    [1, 1],
    [3, 2],
    [7, 3],
    [50, 100],
  ])("in pages of %i, from answers of %i", async (limit, answers) => {
    const all = fill(20);
    port.pageSize = answers;

    const found = await pages(limit);

    expect(found.flat()).toEqual(all);
    expect(found.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  });

  it("none of which is lost or comes twice when others are started meanwhile", async () => {
    const all = fill(20);
    port.pageSize = 2;
    let later = 0;

    const found = await pages(3, () => port.add(machines.reconcile, `later${later++}`));

    expect(found.flat()).toEqual(all);
  });

  it("none of which is lost or comes twice when all started in the same millisecond", async () => {
    const startedAt = new Date(port.now);
    const ids = Array.from({ length: 10 }, (_, index) => {
      const workflow = order[index % order.length] ?? "reconcile";
      port.add(machines[workflow], `e${index}`, { startedAt });
      return `${workflow}:e${index}`;
    });
    port.pageSize = 2;

    const found = await pages(3);

    expect(found.flat().sort()).toEqual(ids.sort());
  });

  it("or those of one, or with one status", async () => {
    fill(6);
    port.add(machines.reconcile, "bad", { status: "FAILED" });

    const reconciles = await executions.list({ workflow: "reconcile", limit: 10 });
    const failed = await executions.list({ status: "FAILED", limit: 10 });

    expect(reconciles.executions.map(({ name }) => name)).toEqual(["bad", "e5", "e2", "e1"]);
    expect(failed.executions.map(({ id }) => id)).toEqual(["reconcile:bad"]);
  });

  it("whose tokens are not to be made up", async () => {
    fill(6);
    const made = Buffer.from('{"at":1,"shown":[],"pages":{"reconcile":"x"}}').toString("base64url");

    for (const token of ["nonsense", made])
      await expect(executions.list({ limit: 5, token })).rejects.toMatchObject({ name: "InvalidPageToken" });
  });
});

describe("an execution", () => {
  const cause = JSON.stringify({
    errorType: "ObjectMissing",
    errorMessage: "s3://b/k is not there",
    trace: ["Error: s3://b/k is not there", "    at read (/var/task/bundle.mjs:1:1)"],
  });

  it("tells why it failed, without the stack of the code", async () => {
    port.add(machines.reconcile, "bad", { status: "FAILED", error: "ObjectMissing", cause });

    const shown = await executions.show("reconcile:bad");

    expect(shown).toMatchObject({ error: "ObjectMissing", cause: "s3://b/k is not there" });
  });

  it("shows no stack of another's failure that was its input", async () => {
    const input = { detail: { cause, deep: [JSON.stringify({ cause })] } };
    port.add(machines["on-failure"], "tail", {
      input: JSON.stringify(input),
      output: JSON.stringify({ cause }),
    });

    const shown = await executions.show("on-failure:tail");

    expect(JSON.stringify(shown)).toContain("is not there");
    expect(JSON.stringify(shown)).not.toContain("bundle.mjs");
  });

  it("of one that is about an execution of a machine that is not shown, neither input nor output is", async () => {
    const about = (machine: string) => ({
      input: JSON.stringify({ detail: { stateMachineArn: machine, input: '{"product":"secret"}' } }),
      output: JSON.stringify({ input: "secret" }),
      cause: "of a secret",
    });
    port.add(machines["on-failure"], "shown", about(machines.reconcile));
    port.add(machines["on-failure"], "hidden", about(machines.reconcile.replace("reconcile", "campaign")));

    const [shown, hidden] = [
      await executions.show("on-failure:shown"),
      await executions.show("on-failure:hidden"),
    ];

    expect(shown).toMatchObject({ input: { detail: {} }, output: {}, cause: "of a secret" });
    expect(hidden).toMatchObject({ input: null, output: null, cause: null, status: "RUNNING" });
    expect(JSON.stringify(hidden)).not.toContain("secret");
  });

  it.each(["reconcile:none", "nobody:e1", "no-colon", "a:b:c", ""])("that is not there: %s", async (id) => {
    await expect(executions.show(id)).rejects.toMatchObject({ name: "UnknownExecution" });
    await expect(executions.redrive(id)).rejects.toMatchObject({ name: "UnknownExecution" });
  });
});
