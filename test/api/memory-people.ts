import { type Exports, personExports } from "../../packages/api/src/dna/exports.ts";
import type { FileOutcome, PersonRegistered } from "../../packages/contracts/src/index.ts";
import {
  emailHash,
  newUserId,
  type OutcomesPage,
  type People,
  type PersonStatus,
} from "../../packages/dna/src/people/index.ts";
import type { Executions } from "../../packages/runtime/src/executions/index.ts";
import { ObjectMissing } from "../../packages/runtime/src/index.ts";

/** People in memory. What DynamoDB makes of it is tested where its port is. */
export class MemoryPeople implements People {
  readonly byHash = new Map<string, string>();
  readonly standing = new Map<string, PersonStatus>();
  readonly found: FileOutcome[] = [];
  /** `personas.json` by user. */
  readonly personas = new Map<string, unknown>();

  /** Somebody who is there already, and of whom nothing is known. */
  add(): string {
    const user = newUserId();
    this.standing.set(user, "active");
    this.personas.set(user, {});
    return user;
  }

  async register(hash: string): Promise<PersonRegistered> {
    const known = this.byHash.get(hash);
    const user = known ?? this.add();
    this.byHash.set(hash, user);
    return { user, created: known === undefined };
  }

  async status(user: string): Promise<PersonStatus | undefined> {
    return this.standing.get(user);
  }

  async outcomes(
    _: string,
    { limit, after }: { limit: number; after: string | undefined },
  ): Promise<OutcomesPage> {
    const rest = this.found.filter(({ file }) => after === undefined || file > after);
    const files = rest.slice(0, limit);
    return { files, last: rest.length > limit ? files.at(-1)?.file : undefined };
  }

  async forget(): Promise<number> {
    return 0;
  }
}

/** The exports of these people, with a bucket of personas alone and uploads that go nowhere. */
export function memoryExports(people: MemoryPeople, executions: Executions, now: () => number): Exports {
  return personExports({
    people,
    hash: (email) => emailHash("key", email),
    sign: async (key, bytes) => ({
      url: `https://data.example/${key}?signed`,
      headers: { "content-length": String(bytes) },
    }),
    store: {
      getJson: async (uri) => {
        const [, user = ""] = /^s3:\/\/data\/(.*)\/stage3\/personas\.json$/.exec(uri) ?? [];
        if (people.personas.has(user)) return people.personas.get(user);
        throw new ObjectMissing(`${uri} is not there`);
      },
    },
    data: "data",
    handBytes: 1000,
    executions,
    now,
  });
}
