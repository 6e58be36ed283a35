/** The local cloud: boots what a resource graph holds, behind one gateway on the loopback. */
export { bootCloud, type Cloud, type CloudEvents, type CloudOptions } from "./boot.ts";
export { type CloudDescription, describeCloud } from "./describe-cloud.ts";
export type { BusEvent } from "./events/event.ts";
export { PortTaken } from "./gateway/listen.ts";
