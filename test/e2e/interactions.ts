import { parquetWriteBuffer } from "hyparquet-writer";
import { mulberry } from "./random.ts";

/** An object of the raw bucket of interactions. */
export interface RawInteractions {
  readonly key: string;
  readonly body: Uint8Array | string;
}

/** One line as it is sent. */
export interface Interaction {
  readonly interaction_id: string;
  readonly user_id: string;
  readonly product_id: string;
  readonly interaction_type: "view" | "add_to_cart" | "purchase";
  readonly timestamp: string;
  readonly session_id: string;
  readonly rating: number | null;
  readonly device_type: "mobile" | "desktop" | "tablet";
  readonly page_context: string;
}

const USERS = 40;
const PRODUCTS = 24;
const categories = ["shoes", "shirts", "hats"];
const devices = ["mobile", "desktop", "tablet"] as const;
const two = (number: number) => String(number).padStart(2, "0");

/** The interactions of a day, sessions of five: the same for the same day. */
export function interactionsOf(day: string, sessions: number): Interaction[] {
  const random = mulberry(Number(day.replaceAll("-", "")));
  const pick = (below: number) => Math.floor(random() * below);
  return Array.from({ length: sessions }, (_, session) => {
    const [user, hour, minute] = [pick(USERS), pick(23), pick(50)];
    return Array.from({ length: 5 }, (_, step): Interaction => {
      const type = step < 3 ? "view" : step === 3 ? "add_to_cart" : "purchase";
      return {
        interaction_id: `i-${day}-${session}-${step}`,
        user_id: `u${user}`,
        product_id: `p${pick(PRODUCTS)}`,
        interaction_type: type,
        timestamp: `${day}T${two(hour)}:${two(minute + step)}:00Z`,
        session_id: `s-${day}-${session}`,
        rating: type === "purchase" && random() < 0.5 ? 1 + pick(5) : null,
        device_type: devices[pick(3)] ?? "mobile",
        page_context: "product_page",
      };
    });
  }).flat();
}

/** What a user of the catalogue did on a day who did nothing on some others. */
export function lonelyOf(day: string, others: readonly string[], sessions: number): Interaction[] {
  const known = new Set(
    others.flatMap((other) => interactionsOf(other, sessions)).map(({ user_id }) => user_id),
  );
  const user_id = Array.from({ length: USERS }, (_, n) => `u${n}`).find((user) => !known.has(user));
  if (user_id === undefined) throw new Error("every user did something");
  return interactionsOf(day, 1).map((line) => ({
    ...line,
    user_id,
    interaction_id: `lonely-${line.interaction_id}`,
  }));
}

/** An object of JSON lines in the folder of its day. */
export function rawInteractions(
  day: string,
  lines: readonly (Interaction | string)[],
  name = "part-0",
): RawInteractions {
  const [year, month, of] = day.split("-");
  const body = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
  return { key: `interactions/year=${year}/month=${month}/day=${of}/${name}.jsonl`, body };
}

/** Catalogues of a day with nothing but a row without a key. */
export function brokenCatalogueOf(date: string): RawInteractions[] {
  return Object.entries({ products: "product_id", users: "user_id" }).map(([table, name]) => ({
    key: `${table}/date=${date}/broken.parquet`,
    body: new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name, data: [null], type: "STRING", nullable: true }] }),
    ),
  }));
}

/** The catalogue of a day: every product and every user that an interaction can be of. */
export function catalogueOf(date: string): RawInteractions[] {
  const products = Array.from({ length: PRODUCTS }, (_, n) => n);
  const users = Array.from({ length: USERS }, (_, n) => n);
  const since = new Date("2024-06-01T00:00:00Z");
  const texts = (name: string, data: readonly (string | null)[]) => ({
    name,
    data: [...data],
    type: "STRING" as const,
    nullable: true,
  });
  const product = [
    texts(
      "product_id",
      products.map((n) => `p${n}`),
    ),
    texts(
      "name",
      products.map((n) => `Product ${n}`),
    ),
    texts(
      "category",
      products.map((n) => categories[n % 3] ?? ""),
    ),
    texts(
      "subcategory",
      products.map((n) => `${categories[n % 3]}-${n % 6}`),
    ),
    texts(
      "brand",
      products.map((n) => `brand ${n % 4}`),
    ),
    texts(
      "price",
      products.map((n) => `${10 + 3 * n}.50`),
    ),
    texts(
      "description",
      products.map(() => null),
    ),
    texts(
      "attributes",
      products.map(() => "{}"),
    ),
    { name: "avg_rating", data: products.map((n) => 3 + (n % 3) / 2), type: "DOUBLE" as const },
    { name: "num_reviews", data: products.map((n) => n), type: "INT32" as const },
    { name: "created_at", data: products.map(() => since), type: "TIMESTAMP" as const },
    { name: "is_active", data: products.map((n) => n !== 23), type: "BOOLEAN" as const },
  ];
  const user = [
    texts(
      "user_id",
      users.map((n) => `u${n}`),
    ),
    texts(
      "age_group",
      users.map((n) => (n % 2 ? "25-34" : "35-44")),
    ),
    texts(
      "gender",
      users.map(() => null),
    ),
    texts(
      "location",
      users.map(() => "Urban"),
    ),
    { name: "join_date", data: users.map(() => since), type: "TIMESTAMP" as const },
    texts(
      "customer_segment",
      users.map(() => "regular"),
    ),
    texts(
      "preferences",
      users.map(() => "{}"),
    ),
  ];
  const object = (table: string, columnData: Parameters<typeof parquetWriteBuffer>[0]["columnData"]) => ({
    key: `${table}/date=${date}/shop.parquet`,
    body: new Uint8Array(parquetWriteBuffer({ columnData })),
  });
  return [object("products", product), object("users", user)];
}
