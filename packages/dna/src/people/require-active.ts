import { PersonGone } from "@penstock/runtime/errors";
import type { People } from "./people.ts";

/**
 * What every task asks first: whether there is still somebody whose data it may touch.
 * @throws {PersonGone}
 */
export function requireActive(people: Pick<People, "status">): (user: string) => Promise<void> {
  return async (user) => {
    const status = await people.status(user);
    if (status === "active") return;
    throw new PersonGone(`${user} is ${status === undefined ? "not registered" : "erased"}`);
  };
}
