import { beforeAll, describe, expect, it } from "vitest";
import { type Grant, Permissions } from "../../../packages/local/src/cloud/permissions/index.ts";
import { covers, exceptions } from "./exceptions.ts";
import { graph, runEverything } from "./run-everything.ts";

/** A grant as one line, of which two are the same. */
function line({ owner, policy, statement, action, resource }: Grant): string {
  return `${owner}, ${policy}, statement ${statement}: ${action} on ${resource}`;
}

let unneeded: Grant[];
let needed: ReadonlySet<string>;

beforeAll(async () => {
  needed = new Set((await runEverything()).map(line));
  unneeded = new Permissions(graph).granted().filter((grant) => !needed.has(line(grant)));
}, 900_000);

describe("when everything was run once", () => {
  it("every grant of the program was needed, or AWS's documentation demands it", () => {
    const unexplained = unneeded.filter((grant) => !exceptions.some((each) => covers(each, grant)));

    expect(needed.size).toBeGreaterThan(80);
    expect(unexplained.map(line)).toEqual([]);
  });

  it("every exception speaks of a grant that is there and was not needed", () => {
    const idle = exceptions.flatMap(({ why, actions, ...rest }) =>
      actions
        .filter((action) => !unneeded.some((grant) => covers({ why, ...rest, actions: [action] }, grant)))
        .map((action) => `${action}: ${why}`),
    );

    expect(idle).toEqual([]);
  });

  it("each exception names a page of AWS's documentation", () => {
    expect(exceptions.filter(({ source }) => !source.startsWith("https://docs.aws.amazon.com/"))).toEqual([]);
  });
});
