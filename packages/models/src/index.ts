/** See `result.ts` for the form that every answer has. */
export {
  count,
  finite,
  Metrics,
  type NotEnoughData,
  notEnoughData,
  probability,
  resultOf,
  TrainedOn,
} from "./result.ts";
