/** What a caller lets an answer be taken from and kept in. Source: RFC 9111, 5.2.1 */
export interface StoreUse {
  /** Most seconds since a kept answer was made; undefined: as old as the store keeps it; false: none is wanted. */
  readonly maxAge: number | undefined | false;
  /** Whether the answer may be kept. */
  readonly keep: boolean;
}

/**
 * What a request's `Cache-Control` asks for. `no-store`: nothing is read or kept. `no-cache` and `max-age=0`: nothing is
 * read, what is made is kept. `max-age=N`: what is at most N seconds old. Anything else has no meaning here and is ignored, as the
 * RFC asks.
 */
export function storeUse(header: string | undefined): StoreUse {
  const directives = new Map(
    (header ?? "").split(",").map((directive) => {
      const [name = "", value = ""] = directive.trim().toLowerCase().split("=");
      return [name.trim(), value.trim().replaceAll('"', "")];
    }),
  );
  if (directives.has("no-store")) return { maxAge: false, keep: false };
  if (directives.has("no-cache")) return { maxAge: false, keep: true };
  const age = directives.get("max-age") ?? "";
  if (!/^\d+$/.test(age)) return { maxAge: undefined, keep: true };
  const seconds = Number(age);
  return { maxAge: seconds === 0 ? false : seconds, keep: true };
}
