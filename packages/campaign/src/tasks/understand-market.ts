import { task } from "@penstock/runtime";
import { understandMarket } from "../cultural/understand-market.ts";
import { UnderstandMarketInput } from "../task-inputs.ts";
import { modelPorts } from "./model-ports.ts";

/** Says what to know about a market for a product. */
export const handler = task(UnderstandMarketInput, async (input, context) => {
  const understood = await understandMarket(input, modelPorts(context));
  context.log.info("market understood", { tokens: understood.tokens });
  return understood;
});
