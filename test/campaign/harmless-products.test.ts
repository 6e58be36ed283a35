import { agentMessage } from "@penstock/campaign/requests";
import { describe, expect, test } from "vitest";
import { acceptDraft, groundsOf } from "../../packages/campaign/src/synthesise/accept-draft.ts";
import { harmlessProducts } from "./harmless-products.ts";
import { begun, draft, known } from "./product-fixture.ts";

describe("what shops say and means nobody ill", () => {
  test.each(harmlessProducts)("%s: is shown to models, and may stand in a campaign", (text) => {
    const [idea, ...ideas] = draft.content_ideas;
    if (idea === undefined) expect.unreachable();

    const shown = agentMessage({ ...begun, product_name: text, product_description: text });
    const accepted = acceptDraft(
      { ...draft, content_ideas: [{ ...idea, description: text }, ...ideas] },
      groundsOf(known),
    );

    expect(shown).toContain(`"product: ${text}"`);
    expect(shown).not.toContain("(withheld)");
    expect(accepted.content_ideas[0]?.description).toBe(text);
  });
});
