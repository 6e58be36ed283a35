const onLaptop = $app.stage === "local";

/**
 * The key of the hashes by which addresses lead to people. Without a value SST refuses to deploy: one that stood in the
 * program would be none. Lost or changed, nobody's address leads to their id any more; see docs/operations.md.
 */
export const emailKey = onLaptop ? new sst.Secret("DnaEmailKey", "local") : new sst.Secret("DnaEmailKey");

/** OpenAI's key, where the settings name it as the model's provider. */
export const openAiKey = new sst.Secret("OpenAiKey", onLaptop ? "local" : "not-set");

/** YouTube's key. Without one campaigns are made without videos, and say so: nobody needs it to deploy. */
export const youTubeKey = new sst.Secret("YouTubeKey", onLaptop ? "local" : "not-set");
