import { cleanGlueTable, cleanTables, featureGlueTable, featureTables } from "@penstock/contracts";
import { expect, it } from "vitest";
import { production, resource } from "./rendered.ts";

const declared = (name: string) => resource(production, `FeaturesTable-${name}`);

it.each(Object.values(featureTables).map(featureGlueTable))(
  "the parameters of $name are left to the runs, and say nothing that a new version would have to change",
  ({ name, parameters }) => {
    const { inputs, ignoreChanges } = declared(name);

    expect(ignoreChanges).toEqual(["parameters"]);
    expect(inputs.parameters).toEqual({ EXTERNAL: "TRUE", ...parameters });
    expect(Object.keys(parameters).filter((key) => key.startsWith("penstock."))).toEqual([]);
  },
);

it.each(Object.values(cleanTables).map(cleanGlueTable))("$name is the program's whole", ({ name }) => {
  expect(declared(name).ignoreChanges).toEqual([]);
});
