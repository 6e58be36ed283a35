import { setFlagsFromString } from "node:v8";

let isSet = false;

/**
 * Has V8 collect garbage when the heap is a third larger than what is alive. Left alone it waits for up to four times as
 * much where memory seems plenty, and a system's task is one long burst of objects: measured on ten times Olist,
 * 1,050 MB resident against 860, in the same time. For the whole process, which is one task's own.
 */
export function collectSooner(): void {
  if (!isSet) setFlagsFromString("--heap-growing-percent=30");
  isSet = true;
}
