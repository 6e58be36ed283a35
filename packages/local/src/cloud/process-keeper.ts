import { type ChildProcess, spawn } from "node:child_process";

/**
 * A shell that is told of every process the cloud starts and ends. Its input is closed when the cloud's process is
 * gone, however that came about (a crash, `kill -9`), and then it ends those that are left: also one that is stuck in
 * a loop and would never notice.
 */
const SCRIPT = `
trap '' INT TERM HUP
alive=' '
while read -r change pid; do
  case $change in
    +) alive="$alive$pid " ;;
    -) alive="\${alive%% $pid *} \${alive#* $pid }" ;;
  esac
done
[ "$alive" = ' ' ] || kill -9 $alive
`;

/** Sees to it that no process outlives the cloud that started it. */
export class ProcessKeeper {
  readonly #shell = spawn("sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"] });

  constructor() {
    this.#shell.unref();
    // Without a shell the processes still end with their channel to the cloud, unless they are stuck.
    this.#shell.on("error", () => {});
    this.#shell.stdin.on("error", () => {});
  }

  /** Watches over a process until it ends. */
  keep(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.#shell.stdin.write(`+ ${pid}\n`);
    child.once("exit", () => this.#shell.stdin.write(`- ${pid}\n`));
  }

  close(): void {
    this.#shell.stdin.end();
  }
}
