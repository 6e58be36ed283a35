import type { CampaignDraft, ContentIdea, PlannedCampaign, WantedImage } from "@penstock/contracts";
import { cleanText } from "../text/clean-text.ts";

/** A draft whose texts are clean and within their bounds; what is "" had nothing else in it. */
export function cleanDraft({ content_ideas, campaigns, images }: CampaignDraft): CampaignDraft {
  return {
    content_ideas: content_ideas.map(cleanIdea),
    campaigns: campaigns.map(cleanCampaign),
    images: images.map(cleanImage),
  };
}

function cleanIdea(idea: ContentIdea): ContentIdea {
  return { ...idea, title: cleanText(idea.title, 120), description: cleanText(idea.description, 600) };
}

function cleanCampaign(campaign: PlannedCampaign): PlannedCampaign {
  return {
    ...campaign,
    name: cleanText(campaign.name, 120),
    audience: cleanText(campaign.audience, 300),
    message: cleanText(campaign.message, 400),
    channels: [...new Set(campaign.channels)],
    calls_to_action: campaign.calls_to_action.map((call) => cleanText(call, 60)),
    kpis: campaign.kpis.map((kpi) => cleanText(kpi, 80)),
  };
}

function cleanImage(image: WantedImage): WantedImage {
  return { ...image, prompt: cleanText(image.prompt, 600), purpose: cleanText(image.purpose, 120) };
}

/** A text of a draft, and where it stands: `campaigns.0.calls_to_action.1`. */
export interface PlacedText {
  readonly place: string;
  readonly text: string;
}

/** All texts of a draft, in its order. */
export function draftTexts({ content_ideas, campaigns, images }: CampaignDraft): PlacedText[] {
  return [
    ...content_ideas.flatMap(({ title, description }, at) =>
      placed(`content_ideas.${at}`, { title, description }),
    ),
    ...campaigns.flatMap(({ name, audience, message, calls_to_action, kpis }, at) => [
      ...placed(`campaigns.${at}`, { name, audience, message }),
      ...placed(`campaigns.${at}.calls_to_action`, calls_to_action),
      ...placed(`campaigns.${at}.kpis`, kpis),
    ]),
    ...images.flatMap(({ prompt, purpose }, at) => placed(`images.${at}`, { prompt, purpose })),
  ];
}

function placed(within: string, texts: Readonly<Record<string, string>> | readonly string[]): PlacedText[] {
  return Object.entries(texts).map(([name, text]) => ({ place: `${within}.${name}`, text }));
}
