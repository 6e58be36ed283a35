import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** A stream of seeded draws. The same seed and path give the same stream on every machine. */
export interface Draw {
  /** A whole number between both bounds, bounds included. */
  int(from: number, to: number): number;
  /** True with probability `p` (0 to 1, resolved to a millionth). */
  chance(p: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** `count` decimal digits, the first of them never 0. */
  digits(count: number): string;
  /** The same elements in another order; the list given is left as it was. */
  shuffled<T>(list: readonly T[]): T[];
}

/**
 * A stream of draws of its own for one thing: a row of a table, the order of the uploads. Because each row
 * has its own stream, a row can be made again on its own (for a duplicate, for its children) without making
 * those before it.
 */
export function draws(seed: number, topic: string, index = 0): Draw {
  const [a, b, c, d] = words(seed, topic, index);
  // The all-zero state is the one state this generator never leaves.
  const generator = xoroshiro128plusFromState([a, b, c, d | 1]);
  const int = (from: number, to: number): number => uniformInt(generator, from, to);
  return {
    int,
    chance: (p) => int(1, 1_000_000) <= p * 1_000_000,
    pick: (list) => list[int(0, list.length - 1)] ?? list[0],
    digits(count) {
      let text = String(int(1, 9));
      while (text.length < count) text += String(int(0, 9));
      return text;
    },
    shuffled(list) {
      const result = [...list];
      for (let last = result.length - 1; last > 0; last--) {
        const other = int(0, last);
        const moved = result[last];
        const taken = result[other];
        if (moved === undefined || taken === undefined) continue;
        result[last] = taken;
        result[other] = moved;
      }
      return result;
    },
  };
}

/**
 * A 16-digit hexadecimal id. Distinct indexes give distinct ids for one seed and topic: each word is a
 * bijection of the index, which a draw would not be.
 */
export function identifier(seed: number, topic: string, index: number): string {
  const start = topicHash(seed, topic);
  return hex(mix(index ^ start)) + hex(mix(index ^ mix(start + 0x9e3779b9)));
}

/** Two bytes as four digits. A sample holds half a million ids: looking halves up is ten times `toString(16)`. */
const halves = Array.from({ length: 0x10000 }, (_, half) => half.toString(16).padStart(4, "0"));

function hex(word: number): string {
  return (halves[word >>> 16] ?? "") + (halves[word & 0xffff] ?? "");
}

function words(seed: number, topic: string, index: number): [number, number, number, number] {
  const start = topicHash(seed, topic);
  return [
    mix(index ^ start),
    mix(index ^ mix(start + 0x9e3779b9)),
    mix(index ^ mix(start + 0x3c6ef372)),
    mix(index ^ mix(start + 0xdaa66d2b)),
  ];
}

const topicHashes = new Map<string, number>();

/** FNV-1a over the topic, started from the seed. Few topics exist, and each is asked for once per row. */
function topicHash(seed: number, topic: string): number {
  const name = `${seed} ${topic}`;
  const known = topicHashes.get(name);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  topicHashes.set(name, hash);
  return hash;
}

/** MurmurHash3's finaliser: a bijection of 32 bits in which each bit depends on all. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
