/** Pictures that are drawn on request, and uploads. */
export { type GeneratePorts, generateImage, type ImageEvent } from "./images/generate-image.ts";
export { dynamoRateLimits, type Permit, type RateLimits } from "./limits/index.ts";
export { AssetsSettings, type ImageModelSettings, PixelLimits, Rate } from "./settings.ts";
