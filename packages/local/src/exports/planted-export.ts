/** What a file can tell about a person. */
export type ExportCategory = "financial" | "social" | "professional" | "entertainment";

/** A generated export, and what must become of it. */
export interface PlantedExport {
  /** Whose it is: the place in the list of people. */
  readonly person: number;
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly outcome: {
    readonly status: "processed" | "refused" | "skipped";
    readonly reason: "binary" | "too_large_for_automatic" | null;
    /** The categories that it has items of. */
    readonly categories: readonly ExportCategory[];
    readonly flagged: boolean;
  };
  /** Numbers of cards and people that stand in it, as written: nowhere else may they be found. */
  readonly secrets: readonly string[];
}

/** A file that is read, and what it tells. */
export function readable(
  person: number,
  file: string,
  content: string | Uint8Array,
  categories: readonly ExportCategory[],
  more: { readonly secrets?: readonly string[]; readonly flagged?: boolean } = {},
): PlantedExport {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  const outcome = { status: "processed", reason: null, categories, flagged: more.flagged ?? false } as const;
  return { person, file, bytes, outcome, secrets: more.secrets ?? [] };
}
