import { statSync } from "node:fs";
import { join } from "node:path";
import { type AnswerFile, answerFiles } from "../../adopt/answers.js";
import { type Diagnostic, hasErrors, type Result } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { readText } from "../../read/text.js";
import type { SourceText } from "../../source/span.js";

/**
 * Reads the answers of the Networking API in a folder: `networks.json`, `subnets.json` and so on, dashes or underscores.
 *
 * Errors: `answer-missing` for a resource that a cloud cannot be understood without; files that cannot be read.
 */
export function readAnswerFiles(folder: string): Result<ReadonlyMap<AnswerFile, SourceText>> {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) {
    const reason = found === undefined ? "no such folder" : "it is no folder";
    return [undefined, [report("file-not-found", { file: folder, reason }, undefined)]];
  }
  const files = new Map<AnswerFile, SourceText>();
  const diagnostics: Diagnostic[] = [];
  const rulesInside = existsIn(folder, "security-groups");
  for (const { resource, required } of answerFiles) {
    const path = existsIn(folder, resource);
    if (path === undefined) {
      const file = `${resource}.json`;
      const consequence = absences.get(resource);
      if (required) diagnostics.push(report("answer-missing", { folder, file, resource }, undefined));
      else if (consequence !== undefined && !(resource === "security-group-rules" && rulesInside !== undefined))
        diagnostics.push(report("answer-absent", { folder, file, resource, consequence }, undefined));
      continue;
    }
    const [text, unread] = readText(path);
    diagnostics.push(...unread);
    if (text !== undefined) files.set(resource, text);
  }
  return [hasErrors(diagnostics) ? undefined : files, diagnostics];
}

/** What follows from a file that is not there; that address groups are not is told of the rules that name one. */
const absences: ReadonlyMap<AnswerFile, string> = new Map([
  ["floatingips", "no floating IP is imported"],
  ["security-groups", "no security group is imported"],
  ["security-group-rules", "security groups are imported with the rules that their own answer has"],
]);

function existsIn(folder: string, resource: AnswerFile): string | undefined {
  return fileNames(resource)
    .map((name) => join(folder, name))
    .find((name) => statSync(name, { throwIfNoEntry: false })?.isFile() === true);
}

function fileNames(resource: AnswerFile): readonly string[] {
  const names = [resource, resource.replaceAll("-", "_"), ...(resource === "floatingips" ? ["floating-ips", "floating_ips"] : [])];
  return [...new Set(names)].map((name) => `${name}.json`);
}
