/** The local cloud: boots what a resource graph holds, behind one gateway on the loopback. */
export { bootCloud } from "./boot.ts";
export type { Cloud, CloudEvents, CloudOptions } from "./cloud.ts";
export { type CloudDescription, describeCloud } from "./describe-cloud.ts";
export type { BusEvent } from "./events/event.ts";
export { PortTaken } from "./gateway/listen.ts";
