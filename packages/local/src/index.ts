/** The embedded cloud: evaluates the deployment program, builds what it finds, and runs it on this machine. */
export * from "./cloud/index.ts";
export * from "./render/index.ts";
