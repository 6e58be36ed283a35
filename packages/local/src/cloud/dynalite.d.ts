declare module "dynalite" {
  import type { Server } from "node:http";
  /** An HTTP server that speaks DynamoDB; in memory unless `path` is given. Times are milliseconds. */
  export default function dynalite(options: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    path?: string;
  }): Server;
}
