import { jsonSchema } from "./compile/json-schema.ts";
import type { Contract } from "./contract.ts";
import { contracts } from "./tables/contracts.ts";

/** The committed JSON Schema files of every contract: path from the repository's root → exact content. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.values<Contract>(contracts).map((contract) => [
      `schemas/v${contract.version}/${contract.name}.json`,
      `${JSON.stringify(jsonSchema(contract), null, 2)}\n`,
    ]),
  );
}
