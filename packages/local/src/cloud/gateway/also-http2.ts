import type { Server } from "node:http";
import { createServer, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

/** How a client that speaks HTTP/2 without TLS begins. Source: RFC 9113, 3.4 */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n");

/**
 * Lets a server answer HTTP/2 on the same port, to clients that know before they ask: the SDK's clients of Bedrock and
 * other services with streams in both directions. AWS settles it by TLS.
 * @returns ends the sessions, which the server itself does not know of
 */
export function alsoHttp2(server: Server): () => void {
  const sessions = new Set<ServerHttp2Session>();
  const second = createServer();
  second.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  second.on("request", (request, response) => server.emit("request", request, response));
  const serve = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    // One that goes away before it says anything must not take the cloud with it.
    const gone = () => socket.destroy();
    socket.once("error", gone);
    socket.once("readable", () => {
      const first: unknown = socket.read();
      socket.off("error", gone);
      if (!Buffer.isBuffer(first)) {
        socket.destroy();
        return;
      }
      socket.unshift(first);
      if (PREFACE.equals(first.subarray(0, PREFACE.length))) second.emit("connection", socket);
      else for (const listener of serve) listener.call(server, socket);
    });
  });
  return () => {
    for (const session of sessions) session.destroy();
  };
}
