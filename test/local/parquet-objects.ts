import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";

/** Real Parquet in and out of the local S3, made and read by DuckDB. */
export class ParquetObjects {
  readonly #directory = mkdtempSync(join(tmpdir(), "penstock-test-"));
  readonly #s3: S3Client;

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  /** Puts the rows of a query of DuckDB's. Gives the object's size in bytes. */
  async put(Bucket: string, Key: string, sql: string): Promise<number> {
    const file = join(this.#directory, "put.parquet");
    await duck(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
    const Body = readFileSync(file);
    await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    return Body.length;
  }

  async rows(Bucket: string, Key: string | undefined): Promise<Record<string, unknown>[]> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket, Key }));
    const file = join(this.#directory, "got.parquet");
    writeFileSync(file, (await Body?.transformToByteArray()) ?? "");
    return duck(`SELECT * FROM read_parquet('${file}')`);
  }

  close(): void {
    rmSync(this.#directory, { recursive: true });
  }
}

/** Runs SQL in DuckDB. */
async function duck(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
