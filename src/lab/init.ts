import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { defined } from "../base/invariant.js";
import { LabFailure } from "./inside.js";
import { labEnvironment, markProcess, type ProcessMark } from "./processes.js";
import { scripts } from "./scripts/scripts.js";

/**
 * Starts the first process of a lab, in namespaces of its own.
 *
 * `remember` is told which process it is before anything else happens; where this process dies before that, the new one ends too.
 * Errors: throws {@link LabFailure} where the kernel or the rights of this process do not allow it.
 */
export async function startInit(folder: string, remember: (init: ProcessMark) => void): Promise<ProcessMark> {
  const options = ["--pid", "--fork", "--mount", "--propagation", "private"];
  const child = spawn("unshare", [...options, "bash", "-c", scripts.init, "dvrc-lab", folder], {
    cwd: "/",
    detached: true,
    env: labEnvironment(),
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new LabFailure("starting the lab's first process", said.trim() === "" ? "it ended" : said.trim());
    return line.value;
  };
  try {
    const init = defined(markProcess(Number(await next())), "the lab's first process");
    remember(init);
    child.stdin.end("go\n");
    await next();
    return init;
  } finally {
    release(child);
  }
}

/** The lab outlives this process. */
function release(child: ChildProcessWithoutNullStreams): void {
  child.stdin.destroy();
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
}
