import { blackPng } from "../assets/pictures.ts";

/** A request for a campaign, with its picture in it. */
export const wantedCampaign = {
  product: { name: "Red cup", description: "A cup that keeps tea warm", category: "kitchen" },
  image: { content_type: "image/png", data: blackPng(120, 90).toString("base64") },
  objectives: ["Sell more cups"],
  target_markets: ["DE", "Japan"],
  target_audience: "People who drink tea",
} as const;
