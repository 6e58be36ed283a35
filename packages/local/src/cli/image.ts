import { parseArgs } from "node:util";
import { ImageRequest, type ImageStatus } from "@penstock/contracts";
import * as v from "valibot";
import { callerOptions, callerUsage, campaignsCaller } from "./campaigns-caller.ts";
import { exitCodeOf, UsageError } from "./usage.ts";

const usage = `penstock image --prompt TEXT [--style STYLE] [--aspect-ratio W:H] [--user NAME] [--json]

Has a picture drawn by the local cloud that \`penstock dev\` runs, waits for it, and prints where it is.
  --prompt TEXT       what is on it
  --style STYLE       photographic (when not given), cinematic, illustration, flat, sketch, painting, retro, 3d
  --aspect-ratio W:H  1:1 (when not given), 16:9, 9:16, 4:5, 5:4, 3:2, 2:3, 21:9, 9:21
${callerUsage}
Exit codes: 0 it is drawn, 1 it could not be, 2 wrong usage, 3 refused or out of reach.`;

/** `penstock image`. @returns the exit code, as the usage says */
export function imageCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values } = parseArgs({
        args,
        options: {
          ...callerOptions,
          prompt: { type: "string" },
          style: { type: "string" },
          "aspect-ratio": { type: "string" },
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const { prompt, style, "aspect-ratio": aspect_ratio } = values;
      const given = { prompt, ...(style && { style }), ...(aspect_ratio && { aspect_ratio }) };
      const request = v.safeParse(ImageRequest, given);
      if (!request.success) throw new UsageError(request.issues.map(({ message }) => message).join("\n"));
      const call = await campaignsCaller(values.user);
      const { drawnImage, requestImage } = await import("../campaigns/image-calls.ts");
      const id = await requestImage(call, request.output);
      const status = await drawnImage(call, id, new AbortController().signal);
      console.log(values.json ? JSON.stringify(status, null, 2) : told(status));
      return status.status === "completed" ? 0 : 1;
    },
    3,
  );
}

function told(status: Exclude<ImageStatus, { status: "pending" }>): string {
  const what = status.status === "completed" ? status.s3_url : status.error;
  return [status.status, status.request_id, what].join("  ");
}
