import { OutOfMemory, TooLarge } from "@penstock/runtime";

/** What to do where one function is not enough. */
const WAY_OUT =
  "compute the days by ranges (npx penstock backfill), or raise features.oneFunction with lambda's memory, disk and time";

/**
 * Work of one function, which has the rows of all days of a run on its disk: refused before it begins where they are more
 * than it was measured to do, and by the same name where its memory or its disk ends all the same.
 * @throws TooLarge with what to do
 */
export async function inOneFunction<Result>(
  what: string,
  { rows, most }: { readonly rows: number; readonly most: number },
  work: () => Promise<Result>,
): Promise<Result> {
  if (rows > most)
    throw new TooLarge(`${what} are ${rows} rows, and one function takes at most ${most}: ${WAY_OUT}`);
  try {
    return await work();
  } catch (error) {
    if (error instanceof OutOfMemory)
      throw new TooLarge(`${what}, ${rows} rows, do not fit into one function: ${WAY_OUT}`, { cause: error });
    throw error;
  }
}
