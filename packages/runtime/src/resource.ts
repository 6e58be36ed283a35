import { Resource } from "sst/resource";
import * as v from "valibot";
import { ConfigurationMissing } from "./errors.ts";

/**
 * The value that the deployment linked to this function under `name`, parsed. SST hands links over as
 * `SST_RESOURCE_<name>` in the environment or, deployed, in an encrypted file beside the bundle; its own `Resource`
 * reads both. Throws {@link ConfigurationMissing} naming the link and the fields that do not fit.
 */
export function resource<Schema extends v.GenericSchema>(
  name: string,
  schema: Schema,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, linked(name));
  if (parsed.success) return parsed.output;
  const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the whole value").join(", ");
  throw new ConfigurationMissing(
    `the link "${name}" does not have its shape at: ${fields}; deploy stacks and code of one version together`,
  );
}

function linked(name: string): unknown {
  try {
    return Reflect.get(Resource, name);
  } catch (error) {
    throw new ConfigurationMissing(
      `"${name}" is not linked to this function; add it to its \`link\` in stacks/`,
      {
        cause: error,
      },
    );
  }
}
