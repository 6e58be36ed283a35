import { ErrorNames } from "@penstock/runtime/errors";

/** How work that is too much for one machine ends in Lambda, by its own word or cut off: Glue can do it. */
export const tooMuchForLambda = [
  ErrorNames.TooLarge,
  ErrorNames.OutOfMemory,
  "Runtime.ExitError",
  "Runtime.OutOfMemory",
  "Sandbox.Timedout",
  "States.Timeout",
] as const;
