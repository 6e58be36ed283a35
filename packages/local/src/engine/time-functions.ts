import jsonata from "jsonata";
import type { Clock } from "./ports.ts";

const format = jsonata("$fromMillis(millis, picture, zone)");

/** JSONata's `$now` and `$millis` by the clock. As in JSONata, one evaluation sees one instant. */
export function timeFunctions(clock: Clock): Readonly<Record<string, unknown>> {
  let asked: number | undefined;
  const millis = () => {
    asked ??= clock.now();
    return asked;
  };
  return {
    millis,
    now: (picture?: unknown, zone?: unknown) =>
      picture === undefined && zone === undefined
        ? new Date(millis()).toISOString()
        : format.evaluate({ millis: millis(), picture, zone }),
  };
}
