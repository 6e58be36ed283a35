import { availableParallelism } from "node:os";
import { openSession, task } from "@penstock/runtime";
import type { ReadPorts } from "../ports.ts";
import { readExport } from "../reading/read-export.ts";
import { ReadExportInput } from "../task-inputs.ts";
import { dnaPorts } from "./dna-ports.ts";

/** Reads an export. */
export const handler = task(ReadExportInput, async (input, context) => {
  const ports = dnaPorts(context, input.user);
  const withEngine: ReadPorts = {
    ...ports,
    openSession: (tempDirectory) =>
      openSession({ memoryMb: ports.settings.memoryMb, threads: availableParallelism(), tempDirectory }),
  };
  const { chunks, ...read } = await readExport(input, withEngine);
  context.log.info("export read", { ...read, chunks: chunks.length });
  return { ...read, chunks };
});
