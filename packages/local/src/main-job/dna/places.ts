import * as v from "valibot";
import type { ResourceGraph } from "../../render/index.ts";

/** Where Digital DNA keeps what it has. */
export interface DnaPlaces {
  /** Bucket of exports, documents and personas. */
  readonly data: string;
  /** Bucket of plans, chunks and answers. */
  readonly work: string;
}

const Dna = v.object({ data: v.string(), work: v.string() });

/** Where it is, from the link of the tasks. */
export function dnaPlacesOf(graph: ResourceGraph): DnaPlaces {
  const task = graph.functions.find(({ links }) => links.Dna !== undefined);
  return v.parse(Dna, task?.links.Dna);
}
