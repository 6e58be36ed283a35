import { RekognitionClient } from "@aws-sdk/client-rekognition";
import { task } from "@penstock/runtime";
import { analyseImage } from "../analyse/analyse-image.ts";
import { AnalyseImageInput } from "../task-inputs.ts";
import { campaignPorts } from "./campaign-ports.ts";
import { rekognitionDetector } from "./rekognition-detector.ts";

const detector = rekognitionDetector(new RekognitionClient({}));

/** Says what is seen in a product's picture. */
export const handler = task(AnalyseImageInput, async (input, context) => {
  const analysed = await analyseImage(input, { ...campaignPorts(context), detector });
  context.log.info("picture analysed", { labels: analysed.labels });
  return analysed;
});
