import { type DnaCategory, type DnaDocument, type DnaItem, dnaCategories } from "@penstock/contracts";
import { byEvidence, byText } from "../categorise/evidence-order.ts";
import { fold } from "../categorise/fold.ts";

/** Items that the model was less sure of make no fact. */
const LEAST_CONFIDENCE = 0.5;

/** What the files of a person tell once, however often it stands in them. */
export interface Fact {
  /** Its place by rank, the first is 1: by files, occurrences, confidence, kind and words. */
  readonly id: number;
  readonly kind: string;
  /** In the words of the first file, by name, and the first place there. */
  readonly what: string;
  /** In how many files. */
  readonly files: number;
  readonly occurrences: number;
  /** The highest. */
  readonly confidence: number;
}

/** The facts of one type of persona, and where they are from. */
export interface TypeFacts {
  /** By rank; never none. */
  readonly facts: readonly Fact[];
  /** The names of all files that facts are from, by their code units. */
  readonly sources: readonly string[];
  /** When the latest of these files was uploaded, ISO 8601, UTC. */
  readonly latest: string;
}

/** Facts by type. A type without a fact is not there. */
export type Facts = Readonly<Partial<Record<DnaCategory, TypeFacts>>>;

/** Takes documents one after another, so that not all of them need be held. */
export interface FactCollector {
  /** Takes a document, each file's once. */
  add(document: DnaDocument): void;
  facts(): Facts;
}

/** What has been seen of one fact. Nothing in it depends on which document came first. */
interface Seen {
  readonly kind: string;
  /** Of the file that comes first by name. */
  first: Place;
  readonly files: Set<string>;
  occurrences: number;
  confidence: number;
}

interface Place extends Pick<DnaItem, "what" | "evidence"> {
  readonly file: string;
}

/**
 * Collects the facts of a person's documents: items that say the same are one fact, flagged and doubtful ones are none, and
 * documents of files that were refused or failed have none. A set of documents has one outcome, in whatever order they are
 * added.
 */
export function factCollector(): FactCollector {
  const seen = new Map<DnaCategory, Map<string, Seen>>();
  const arrived = new Map<string, string>();

  function take(category: DnaCategory, file: string, item: DnaItem): void {
    const { kind, what, evidence, occurrences, confidence } = item;
    const place = { file, what, evidence };
    const ofType = seen.get(category) ?? new Map<string, Seen>();
    seen.set(category, ofType);
    const key = JSON.stringify([kind, fold(what)]);
    const known = ofType.get(key);
    if (known === undefined) {
      ofType.set(key, { kind, first: place, files: new Set([file]), occurrences, confidence });
      return;
    }
    if (byPlace(place, known.first) < 0) known.first = place;
    known.files.add(file);
    known.occurrences += occurrences;
    known.confidence = Math.max(known.confidence, confidence);
  }

  return {
    add({ state, file, facts, categories }) {
      if (state !== "categorised" && state !== "partial") return;
      arrived.set(file, new Date(facts.arrived_at).toISOString());
      for (const category of dnaCategories)
        for (const item of categories[category].items)
          if (!item.flagged && item.confidence >= LEAST_CONFIDENCE) take(category, file, item);
    },
    facts: () =>
      Object.fromEntries(
        dnaCategories.flatMap((category) => {
          const ofType = [...(seen.get(category)?.values() ?? [])];
          return ofType.length === 0 ? [] : [[category, typeFacts(ofType, arrived)]];
        }),
      ),
  };
}

function byPlace(a: Place, b: Place): number {
  return byText(a.file, b.file) || byEvidence(a.evidence, b.evidence) || byText(a.what, b.what);
}

function typeFacts(seen: readonly Seen[], arrived: ReadonlyMap<string, string>): TypeFacts {
  const ranked = seen.toSorted(
    (a, b) =>
      b.files.size - a.files.size ||
      b.occurrences - a.occurrences ||
      b.confidence - a.confidence ||
      byText(a.kind, b.kind) ||
      byText(a.first.what, b.first.what),
  );
  const sources = [...new Set(seen.flatMap(({ files }) => [...files]))].sort();
  return {
    facts: ranked.map(({ kind, first, files, occurrences, confidence }, at) => ({
      id: at + 1,
      kind,
      what: first.what,
      files: files.size,
      occurrences,
      confidence,
    })),
    sources,
    latest: sources.map((file) => arrived.get(file) ?? "").reduce((a, b) => (a > b ? a : b)),
  };
}
