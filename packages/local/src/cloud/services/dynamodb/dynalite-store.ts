import { Readable } from "node:stream";
import { type KeyRange, OrderedTexts } from "./ordered-texts.ts";

/** A refusal of DynamoDB's has its answer with it; an error without one is a fault. */
export interface Refusal extends Error {
  readonly statusCode?: number;
  readonly body?: unknown;
}

export type Callback<Value = void> = (error: Refusal | null, value?: Value) => void;

/** What of a table's description is looked at here. */
interface Table {
  readonly TableStatus: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }[];
  readonly GlobalSecondaryIndexes?: readonly unknown[];
  readonly LocalSecondaryIndexes?: readonly unknown[];
}

/** Milliseconds until a table is made, deleted, changed; bytes of an item. */
const options = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, maxItemSize: 400 * 1024 };

/**
 * Where dynalite's actions have their tables and items: under the names by which they call dynalite's own store, in
 * memory and without anything asynchronous. The own one is a database for files, whose promises and copies are most of
 * what a write costs. Here an action is over in the turn in which it began unless it streams, and nothing needs a lock.
 */
export class DynaliteStore {
  readonly options = options;
  /** As dynalite has them without being told: they stand in ARNs. */
  readonly tableDb = Object.assign(new Values(), { awsAccountId: "000000000000", awsRegion: "us-east-1" });
  readonly #values = new Map<string, Values>();
  /** Descriptions as they were last read, of the texts that they were read from. */
  readonly #read = new Map<string, { readonly text: string; readonly table: Table }>();

  readonly getItemDb = (table: string) => this.#at(`items/${table}`);
  readonly getTagDb = (table: string) => this.#at(`tags/${table}`);
  readonly getIndexDb = (kind: string, table: string, index: string) =>
    this.#at(`${kind.toLowerCase()}/${table}/${index}`);
  readonly deleteItemDb = (table: string, callback: Callback) => this.#drop(`items/${table}`, callback);
  readonly deleteTagDb = (table: string, callback: Callback) => this.#drop(`tags/${table}`, callback);
  readonly deleteIndexDb = (kind: string, table: string, index: string, callback: Callback) =>
    this.#drop(`${kind.toLowerCase()}/${table}/${index}`, callback);

  /**
   * The description of a table. With `false` in between in whatever state, for an action that may change it; without, for
   * the actions on items, only while the table is there for them, and none of them changes it.
   */
  getTable(name: string, ...[how, then]: [Callback<Table>] | [false, Callback<Table>]): void {
    const forItems = how !== false;
    const callback = forItems ? how : then;
    const table = this.#described(name, forItems);
    if (table === undefined) callback?.(notFound(forItems ? "" : `: Table: ${name} not found`));
    else callback?.(null, table);
  }

  /** Name of a table's key, where that is one text and nothing else has to follow what is written. */
  readonly plainKeyOf = (name: string): string | undefined => {
    const table = this.#described(name, true);
    if (table === undefined || table.GlobalSecondaryIndexes || table.LocalSecondaryIndexes) return undefined;
    const [key, sortKey] = table.KeySchema;
    const defined = table.AttributeDefinitions.find(
      ({ AttributeName }) => AttributeName === key?.AttributeName,
    );
    return sortKey === undefined && defined?.AttributeType === "S" ? defined.AttributeName : undefined;
  };

  #described(name: string, forItems: boolean): Table | undefined {
    const text = this.tableDb.texts.get(name);
    if (text === undefined) return undefined;
    if (!forItems) return JSON.parse(text);
    const known = this.#read.get(name);
    const table: Table = known?.text === text ? known.table : JSON.parse(text);
    if (table !== known?.table) this.#read.set(name, { text, table });
    return table.TableStatus === "CREATING" || table.TableStatus === "DELETING" ? undefined : table;
  }

  #at(place: string): Values {
    const known = this.#values.get(place);
    if (known !== undefined) return known;
    const values = new Values();
    this.#values.set(place, values);
    return values;
  }

  #drop(place: string, callback: Callback): void {
    this.#values.delete(place);
    callback(null);
  }
}

/** Values by their keys. They are kept as texts: an action may change what it has put or got. */
class Values {
  readonly texts = new OrderedTexts();

  get(key: string, callback: Callback<unknown>): void {
    const text = this.texts.get(key);
    callback(null, text === undefined ? undefined : JSON.parse(text));
  }

  put(key: string, value: unknown, callback: Callback): void {
    this.texts.put(key, JSON.stringify(value));
    callback(null);
  }

  del(key: string, callback: Callback): void {
    this.texts.delete(key);
    callback(null);
  }

  batch(
    operations: readonly { readonly type: "put" | "del"; readonly key: string; readonly value?: unknown }[],
    callback: Callback,
  ): void {
    for (const { type, key, value } of operations) {
      if (type === "put") this.texts.put(key, JSON.stringify(value));
      else this.texts.delete(key);
    }
    callback(null);
  }

  createKeyStream(range?: KeyRange): Readable {
    return Readable.from(this.texts.keys(range));
  }

  createValueStream(range?: KeyRange): Readable {
    return Readable.from(this.#values(range));
  }

  /** Nothing comes in between: see above. What `release` gives back goes to whoever called the action. */
  lock(_key: string, work: (release: (callback: Callback) => Callback) => void): void {
    work((callback) => callback);
  }

  *#values(range?: KeyRange): Generator<unknown> {
    for (const key of this.texts.keys(range)) {
      const text = this.texts.get(key);
      if (text !== undefined) yield JSON.parse(text);
    }
  }
}

function notFound(more: string): Refusal {
  return Object.assign(new Error("Requested resource not found"), {
    name: "NotFoundError",
    statusCode: 400,
    body: {
      __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
      message: `Requested resource not found${more}`,
    },
  });
}
