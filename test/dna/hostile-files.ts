import { once } from "node:events";
import { ZipFile } from "yazl";
import { type Encoding, encodings } from "./hostile-encodings.ts";
import { foreignPayloads } from "./hostile-languages.ts";
import { englishPayloads, type Payload } from "./hostile-payloads.ts";
import { mark } from "./obeying-acts.ts";

/** Where in a file a payload stands. */
export const carriers = [
  "cell",
  "header",
  "JSON key",
  "JSON value",
  "JSON line",
  "text",
  "HTML comment",
  "HTML attribute",
  "hidden element",
  "ZIP content",
  "ZIP name",
  "file name",
] as const;
export type Carrier = (typeof carriers)[number];

/** An export that means to instruct the model that reads it. */
export interface HostileFile {
  /** Its name as the person gave it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly payload: Payload;
  readonly carrier: Carrier;
  readonly encoding: string;
  /** The payload as it is written there. */
  readonly said: string;
}

/**
 * What stands in a file beside the payload, as one column of shops: the model's word for honest items. The records have few
 * digits, since one that may hold a number to hide costs the engine some tenths of a second.
 */
export const innocent = ["Corner Bakery", "Cinema Rex", "Netflix", "Spotify"] as const;

/** A payload in one place of a file; `number` gives the file a name unlike any other. */
export async function hostileFile(
  payload: Payload,
  carrier: Carrier,
  encoding: Encoding,
  number: number,
): Promise<HostileFile> {
  const bytesOf = (text: string) => inEncoding(text, encoding.file);
  const said = encoding.write(`${payload.text} ${mark(payload.act)}`);
  const made = { payload, carrier, encoding: encoding.name, said };
  const name = `export-${number}`;
  if (carrier === "file name")
    return { ...made, name: `${shortName(payload.text, encoding)} ${number}.csv`, bytes: bytesOf(table("")) };
  if (carrier === "ZIP name") {
    const member = `${inFolder(said)}.csv`;
    return { ...made, name: `${name}.zip`, bytes: await zip(member, bytesOf(table(""))) };
  }
  if (carrier === "ZIP content")
    return { ...made, name: `${name}.zip`, bytes: await zip("a.csv", bytesOf(table(said))) };
  return { ...made, name: `${name}.data`, bytes: bytesOf(content(carrier, said, encoding)) };
}

/** Files of every carrier, language and encoding with these payloads, ever the same ones. */
export async function hostileFiles(payloads: readonly Payload[], first = 0): Promise<HostileFile[]> {
  const english = payloads.filter(({ language }) => language === "en");
  const [plain, ...others] = encodings;
  const wanted: [Payload, Carrier, Encoding][] = [];
  payloads.forEach((payload, at) => {
    if (plain === undefined) return;
    for (const step of [at, at * 5 + 7]) wanted.push([payload, pick(carriers, step), plain]);
  });
  others.forEach((encoding, which) => {
    const fitting = encoding.latin ? english : payloads;
    const places = carriers.filter((carrier) => fits(carrier, encoding));
    for (let at = 0; at < Math.min(9, fitting.length); at += 1)
      wanted.push([pick(fitting, at * 7 + which * 3), pick(places, at + which), encoding]);
  });
  return Promise.all(
    wanted.map(([payload, carrier, encoding], at) => hostileFile(payload, carrier, encoding, first + at)),
  );
}

/** The same shops in a file without a payload. */
export function cleanExport(): Uint8Array {
  return inEncoding(table(""), undefined);
}

/** All payloads that the flags were made with. */
export const knownPayloads: readonly Payload[] = [...englishPayloads, ...foreignPayloads];

function pick<Value>(from: readonly Value[], at: number): Value {
  const found = from[at % from.length];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}

/** Names are short: what takes five letters for one would leave nothing of a payload. */
const LONG = new Set(["entities", "base64 of percent"]);

function fits(carrier: Carrier, { name, named, file }: Encoding): boolean {
  if (carrier === "file name") return named && !LONG.has(name) && file === undefined;
  return carrier === "ZIP name" ? named && file === undefined : true;
}

function content(carrier: Carrier, said: string, { name }: Encoding): string {
  const records = innocent.map((shop, at) => ({ date: `${at + 1} March`, shop }));
  switch (carrier) {
    case "header":
      return `Date,Shop,${cell(said)}\n${records.map(({ date, shop }) => `${date},${shop},yes`).join("\n")}\n`;
    case "JSON key":
      return JSON.stringify({ orders: [...records, { date: "9 March", [said]: "yes" }] });
    case "JSON value":
      return JSON.stringify({ orders: [...records, { date: "9 March", note: said }] }, null, 2);
    case "JSON line":
      return [...records, { date: "9 March", note: said }]
        .map((record) => `${JSON.stringify(record)}\n`)
        .join("");
    case "text":
      return `My year\n\n${records.map(({ date, shop }) => `${date} I was at ${shop}.`).join("\n")}\n${said}\n`;
    case "HTML comment":
      return page(`<!-- ${said.replaceAll("--", "- -")} -->`);
    case "HTML attribute":
      return page(`<img src="a.png" alt="${said.replaceAll('"', "&quot;")}">`);
    case "hidden element":
      return page(
        `<div style="display:none">${name === "entities" ? said : said.replaceAll("<", "&lt;")}</div>`,
      );
    default:
      return table(said);
  }
}

function table(note: string): string {
  const rows = innocent.map((shop, at) => `${at + 1} March,${shop},${at}.50,`);
  const hostile = note === "" ? [] : [`9 March,Kiosk,1.00,${cell(note)}`];
  return `${["Date,Shop,Amount,Note", ...rows, ...hostile].join("\n")}\n`;
}

function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function page(hidden: string): string {
  const rows = innocent.map((shop) => `<li>Bought at ${shop}</li>`).join("\n");
  return `<!DOCTYPE html>\n<html><head><title>Orders</title></head><body><h1>Orders</h1>\n<ul>${rows}</ul>\n${hidden}\n</body></html>\n`;
}

function inEncoding(text: string, encoding: Encoding["file"]): Uint8Array {
  if (encoding === undefined) return Buffer.from(text, "utf8");
  // The one with a mark of its order, the other without: both are met.
  const little = Buffer.from(encoding === "utf16le" ? `\ufeff${text}` : text, "utf16le");
  return encoding === "utf16le" ? little : little.swap16();
}

const inFolder = (name: string) => name.replace(/[/\\\p{Cc}]+/gu, " ").trim();

/** So much of a payload that a name with it, encoded, is one that a folder of a file system takes. */
function shortName(text: string, encoding: Encoding): string {
  const letters = [...inFolder(text)];
  for (let length = letters.length; ; length -= 1) {
    const name = inFolder(encoding.write(letters.slice(0, length).join(""))).normalize("NFC");
    if (Buffer.byteLength(name) <= 200) return name;
  }
}

async function zip(member: string, bytes: Uint8Array): Promise<Uint8Array> {
  const file = new ZipFile();
  file.addBuffer(Buffer.from(bytes), member, { mtime: new Date("2024-04-01T00:00:00Z") });
  file.end();
  const chunks: Uint8Array[] = [];
  file.outputStream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  await once(file.outputStream, "end");
  return Buffer.concat(chunks);
}
