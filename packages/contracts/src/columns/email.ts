import { sensitiveText } from "./sensitive-text.ts";

/** An e-mail address in ASCII with a dotted domain; `*` lets the masked form `j***@example.com` through as well. */
export function email() {
  return sensitiveText(/^[A-Za-z0-9._%+'*-]+@[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)+$/, 254);
}
