import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below what Linux, macOS and Windows hand out by themselves (from 32768 at the lowest), so that no other process of
 * this machine gets the port between a close and the next open.
 */
const [LOWEST, HIGHEST] = [20_000, 32_767];

/** A port that is free, and stays free while the one who asked closes and opens it. */
export async function steadyPort(): Promise<number> {
  const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch {
    return steadyPort();
  }
  server.close();
  await once(server, "close");
  return port;
}
