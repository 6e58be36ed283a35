import { createRequire } from "node:module";
import type { Parameters } from "../../gateway/json-service.ts";
import { type Callback, DynaliteStore, type Refusal } from "./dynalite-store.ts";
import { plainPuts } from "./plain-puts.ts";

/** What dynalite knows of an action's parameters. */
interface Rules {
  readonly types: object;
  readonly custom?: (parameters: object, store: DynaliteStore) => unknown;
}

/** Both throw a {@link Refusal}. */
interface Validations {
  /** The parameters that the action has, of their right types; others are taken out of what is given. */
  checkTypes(parameters: object, types: Rules["types"]): object;
  /** Holds them against the rules. Numbers are in their canonical form afterwards. */
  checkValidations(
    parameters: object,
    types: Rules["types"],
    custom: Rules["custom"],
    store: DynaliteStore,
  ): void;
}

type Act = (store: DynaliteStore, parameters: object, callback: Callback<unknown>) => void;

const names = [
  "BatchGetItem",
  "BatchWriteItem",
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeTable",
  "GetItem",
  "ListTables",
  "ListTagsOfResource",
  "PutItem",
  "Query",
  "Scan",
  "TagResource",
  "UntagResource",
  "UpdateItem",
  "UpdateTable",
] as const;

const load = createRequire(import.meta.url);
const validations: Validations = load("dynalite/validations/index.js");
const actions = new Map<string, { readonly rules: Rules; readonly act: Act }>(
  names.map((name) => {
    const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`;
    return [name, { rules: load(`dynalite/validations/${file}`), act: load(`dynalite/actions/${file}`) }];
  }),
);

/** What an action answers. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** DynamoDB's actions as dynalite checks them and carries them out, on tables in memory. */
export class DynaliteActions {
  readonly #store = new DynaliteStore();

  /** Whether there is such an action. */
  has(name: string): boolean {
    return actions.has(name);
  }

  /** The answer to a call, also when it is a refusal. The parameters are of no use to anybody else afterwards. */
  async run(name: string, parameters: Parameters): Promise<Answer> {
    const action = actions.get(name);
    if (action === undefined) throw new Error(`dynalite has no action ${name}`);
    const plain = name === "BatchWriteItem" ? plainPuts(parameters, this.#store.plainKeyOf) : undefined;
    if (plain !== undefined) {
      const { texts } = this.#store.getItemDb(plain.table);
      for (const [key, item] of plain.items) texts.put(key, item);
      return { status: 200, body: { UnprocessedItems: {} } };
    }
    const { rules, act } = action;
    try {
      const known = validations.checkTypes(parameters, rules.types);
      validations.checkValidations(known, rules.types, rules.custom, this.#store);
      const body = await new Promise<unknown>((resolve, reject) =>
        act(this.#store, known, (error, answer) => (error ? reject(error) : resolve(answer))),
      );
      return { status: 200, body };
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      return { status: thrown.statusCode, body: thrown.body };
    }
  }
}

function isRefusal(thrown: unknown): thrown is Required<Refusal> {
  return thrown instanceof Error && "statusCode" in thrown && "body" in thrown;
}
