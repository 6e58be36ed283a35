/** First bytes of archives: ZIP, also an empty one, gzip, 7z, RAR, xz, bzip2, and zstd. */
const ARCHIVES = [
  "504b0304",
  "504b0506",
  "504b0708",
  "1f8b",
  "377abcaf271c",
  "526172211a07",
  "fd377a585a00",
  "425a68",
  "28b52ffd",
];
/** First bytes of other formats that a person may upload: pictures, sound, films, PDF, SQLite, Parquet, old Office, programs. */
const OTHERS = [
  "89504e47",
  "ffd8ff",
  "47494638",
  "25504446",
  "53514c69746520",
  "50415231",
  "d0cf11e0",
  "7f454c46",
  "4d5a9000",
  "49443303",
  "4f676753",
  "664c6143",
  "52494646",
  "1a45dfa3",
  "49492a00",
  "4d4d002a",
  "cafebabe",
  "0061736d",
];

const startsWith = (bytes: Uint8Array, numbers: readonly string[]) => {
  const start = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  return numbers.some((number) => start.startsWith(number));
};

/** A ZIP, by its first bytes. */
export function isZip(bytes: Uint8Array): boolean {
  return startsWith(bytes, ARCHIVES.slice(0, 3));
}

/** An archive of any kind, by its first bytes. */
export function isArchive(bytes: Uint8Array): boolean {
  return startsWith(bytes, ARCHIVES);
}

/** Something else than text, by its first bytes. Films have their mark after four bytes. */
export function isOtherFormat(bytes: Uint8Array): boolean {
  return startsWith(bytes, OTHERS) || Buffer.from(bytes.subarray(4, 8)).toString("latin1") === "ftyp";
}

/** Bytes that are looked at, and the share of them that no text has. */
const SAMPLE = 64 * 1024;
const MOST_CONTROLS = 0.1;
/** The share in what is no UTF-8 either. */
const MOST_IN_OTHERS = 0.02;

/** Whether a decoded text is none: too much of it are characters that nobody writes. */
export function isBinary(text: string, encoding: string): boolean {
  const sample = text.slice(0, SAMPLE);
  let [controls, zeros] = [0, 0];
  for (let at = 0; at < sample.length; at += 1) {
    const unit = sample.charCodeAt(at);
    if (unit === 0) zeros += 1;
    if (
      (unit < 0x20 && unit !== 9 && unit !== 10 && unit !== 12 && unit !== 13 && unit !== 0x1b) ||
      unit === 0x7f
    )
      controls += 1;
  }
  const most = encoding.startsWith("utf") ? MOST_CONTROLS : MOST_IN_OTHERS;
  return controls > most * sample.length || zeros > 0.005 * sample.length;
}
