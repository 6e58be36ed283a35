/** Who may do what: the program's policies, held against each call at the gateway. */
export type { Demand } from "./demand.ts";
export type { Grant } from "./grants.ts";
export { Guard } from "./guard.ts";
export { managedRuleRefusal } from "./managed-rules.ts";
export { Permissions } from "./permissions.ts";
