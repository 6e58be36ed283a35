/** Who there is, without anything that reads exports: for a function that must begin fast. */
export { dynamoPeople, type PeopleTables } from "./dynamo-people.ts";
export { emailHash } from "./email-hash.ts";
export type { OutcomesPage, People, PersonStatus } from "./people.ts";
export { requireActive } from "./require-active.ts";
export { newUserId } from "./user-id.ts";
