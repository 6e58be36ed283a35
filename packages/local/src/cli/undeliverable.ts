import { parseArgs } from "node:util";
import { exitCodeOf, exitCodes, placeOptions } from "./usage.ts";

const usage = `penstock undeliverable [--deliver] [--stage STAGE] [--json]

Tells what Firehose has put aside under undeliverable/ of the interactions bucket: how many records, why, and of which days.
  --deliver      puts each record that names its day into the folder of that day, where the next run that looks at the day
                 takes it; what is no JSON, or names no day, stays where it is. May be repeated at any time
  --stage STAGE  a stage on AWS, with your credentials and region, instead of the local cloud
  --json         print JSON
${exitCodes}`;

/** `penstock undeliverable`. @returns the exit code, as the usage says */
export function undeliverableCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values } = parseArgs({
        args,
        options: { deliver: { type: "boolean", default: false }, ...placeOptions },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      // Loaded only now: the SDK takes its time, and a wrong flag should be told at once.
      const { describeAside, lookAside } = await import("./look-aside.ts");
      const { atPlace } = await import("./place.ts");
      const { deliver, stage, json } = values;
      const found = await atPlace(stage, (place) => lookAside(place, deliver));
      console.log(json ? JSON.stringify(found, null, 2) : describeAside(found));
      return 0;
    },
    3,
  );
}
