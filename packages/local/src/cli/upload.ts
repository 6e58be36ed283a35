import { parseArgs } from "node:util";
import type { UploadStatus } from "@penstock/contracts";
import { callerOptions, callerUsage, campaignsCaller } from "./campaigns-caller.ts";
import { pictureFile } from "./picture-file.ts";
import { exitCodeOf, UsageError } from "./usage.ts";

const usage = `penstock upload FILE [--user NAME] [--json]

Uploads a product's picture by a form to the local cloud that \`penstock dev\` runs, and prints what arrived.
${callerUsage}
Exit codes: 0 it can be used, 1 it is no picture that can be, 2 wrong usage, 3 refused or out of reach.`;

/** `penstock upload`. @returns the exit code, as the usage says */
export function uploadCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values, positionals } = parseArgs({ args, allowPositionals: true, options: callerOptions });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const [file, ...others] = positionals;
      if (file === undefined || others.length > 0) throw new UsageError("Name one file.");
      const picture = await pictureFile(file);
      const call = await campaignsCaller(values.user);
      const { uploadPicture } = await import("../campaigns/upload-calls.ts");
      const status = await uploadPicture(call, picture, new AbortController().signal);
      console.log(values.json ? JSON.stringify(status, null, 2) : told(status));
      return status.status === "uploaded" ? 0 : 1;
    },
    3,
  );
}

/** `uploaded  20261121T154424Z_….png  image/png, 640 × 480, 12345 bytes` */
function told(status: UploadStatus): string {
  const what =
    status.status === "uploaded"
      ? `${status.content_type}, ${status.width} × ${status.height}, ${status.bytes} bytes`
      : `${status.reason}, ${status.bytes} bytes`;
  return [status.status, status.upload_id, what].join("  ");
}
