import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

/** A file cannot be read, or is not JSON. */
export class InvalidJsonFile extends Error {
  override readonly name = "InvalidJsonFile";
}

/**
 * The JSON text of a file; of the standard input for `-`.
 *
 * @param what is in it, for the message: `event`
 * @throws {InvalidJsonFile}
 */
export async function readJsonFile(what: string, file: string): Promise<string> {
  const content = await (file === "-" ? text(process.stdin) : readFile(file, "utf8")).catch(
    (error: Error) => {
      throw new InvalidJsonFile(`The ${what} ${file} cannot be read: ${error.message}`);
    },
  );
  try {
    JSON.parse(content);
  } catch (error) {
    throw new InvalidJsonFile(
      `The ${what} ${file} is not JSON: ${error instanceof Error ? error.message : error}`,
    );
  }
  return content;
}
