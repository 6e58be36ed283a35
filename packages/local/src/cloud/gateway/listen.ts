import type { Server } from "node:http";

/** Another process listens on the port that the cloud was asked to take. */
export class PortTaken extends Error {
  override readonly name = "PortTaken";
  constructor(port: number) {
    super(
      `Port ${port} on 127.0.0.1 is taken by another process. Stop it (it may be another \`penstock dev\`), ` +
        "or choose another port with --port, or 0 for a free one.",
    );
  }
}

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** Ends the connections too. */
  close(): Promise<void>;
}

/**
 * Lets a server listen on the loopback; port 0 takes a free one. Idle connections stay: one closed at the moment of its
 * reuse is a failure that AWS has not. @throws {PortTaken}
 */
export async function listen(server: Server, port: number): Promise<Listening> {
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new PortTaken(port) : error);
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
