import * as runtime from "@penstock/runtime";
import { expect, test } from "vitest";

test("has one exported class for each error name, which carries that name", () => {
  for (const name of Object.values(runtime.ErrorNames)) {
    const Class: unknown = Reflect.get(runtime, name);
    if (typeof Class !== "function") throw new Error(`${name} is not exported`);
    const error: unknown = Reflect.construct(Class, ["what happened"]);
    expect(error).toBeInstanceOf(runtime.NamedError);
    expect(error).toMatchObject({ name, message: "what happened" });
  }
});
