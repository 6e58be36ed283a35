/** What a model is to be and to do, under a name and a version: a changed text is a new version. */
export interface Prompt {
  readonly name: string;
  readonly version: number;
  /** Of what anybody wrote nothing stands here; that belongs into the message, fenced. */
  readonly system: string;
}

/** How documents name a prompt: `categorise@1`. */
export function promptId({ name, version }: Prompt): string {
  return `${name}@${version}`;
}
