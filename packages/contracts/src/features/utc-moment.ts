/**
 * The moment of an event as it goes into the stream: in UTC with `Z`, every written digit of the second kept. Whoever
 * sorts lines by their day cuts year, month and day out of the text.
 *
 * @param written as `InteractionEvent` takes it: with `Z`, with an offset, or without either, which is UTC too
 */
export function utcMoment(written: string): string {
  const [, wall = "", fraction = "", zone = ""] = /^([^.Z+]{19})([.]\d+)?(.*)$/.exec(written) ?? [];
  return `${new Date(`${wall}${zone || "Z"}`).toISOString().slice(0, 19)}${fraction}Z`;
}
