import path from "node:path";

// Signatures with which Pulumi marks a value on the wire (sdk/nodejs/runtime/rpc.ts).
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value in the graph that only a deployment could know: the renderer has answered every resource, so it is a bug. */
export class UnknownValue extends Error {
  override readonly name = "UnknownValue";
  constructor(at: string) {
    super(`${at} is unknown after every resource has been answered.`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A resource's inputs as JSON: secrets opened (the local cloud needs their values, and they are the laptop's own),
 * assets as `{ path }` relative to `root`, absent values left out.
 *
 * @throws {UnknownValue} naming the path to it
 */
export async function plain(value: unknown, root: string, at: string): Promise<unknown> {
  if (value === UNKNOWN) throw new UnknownValue(at);
  if (Array.isArray(value)) {
    return Promise.all(value.map((item, index) => plain(item, root, `${at}[${index}]`)));
  }
  if (!isRecord(value)) return value;
  if (value[SIGNATURE] === SECRET) return plain(value.value, root, at);
  if ("__pulumiAsset" in value || "__pulumiArchive" in value) return asset(value, root);
  return plainRecord(value, root, at);
}

/** The same for the record of all inputs. */
export async function plainRecord(
  record: Record<string, unknown>,
  root: string,
  at: string,
): Promise<Record<string, unknown>> {
  const plainer: [string, unknown][] = [];
  for (const [key, value] of Object.entries(record)) {
    if (value !== undefined) plainer.push([key, await plain(value, root, `${at}.${key}`)]);
  }
  return Object.fromEntries(plainer);
}

/** An asset's content is a promise of a path or of a text. */
async function asset(value: Record<string, unknown>, root: string): Promise<Record<string, unknown>> {
  const [file, text] = await Promise.all([value.path, value.text]);
  if (typeof file === "string") return { path: path.relative(root, path.resolve(root, file)) };
  return { text: String(text) };
}
