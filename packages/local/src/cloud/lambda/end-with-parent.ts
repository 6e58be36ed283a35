import { Worker } from "node:worker_threads";

/**
 * Ends this process when the one that started it is gone, also while its own thread is stuck in a loop: then nobody
 * hears the closed channel, but a second thread still sees that the parent has changed.
 */
export function endWithParent(): void {
  process.on("disconnect", () => process.exit(0));
  const watch = `
    const parent = process.ppid;
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 500);
  `;
  new Worker(watch, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 4 } }).unref();
}
