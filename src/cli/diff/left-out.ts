import { readAnswers } from "../../adopt/answers.js";
import { leftOutOf } from "../../adopt/left-out.js";
import type { Result } from "../../diagnostics/diagnostic.js";
import type { LeftOut } from "../../model/left-out.js";
import { readAnswerFiles } from "../import/read-answers.js";

/** What an import of a folder of answers would leave out; nothing where there is none. Errors: as those of the import's reading. */
export function readLeftOut(folder: string | undefined): Result<readonly LeftOut[]> {
  if (folder === undefined) return [[], []];
  const [files, missing] = readAnswerFiles(folder);
  if (files === undefined) return [undefined, missing];
  const [answers, diagnostics] = readAnswers(files);
  return answers === undefined ? [undefined, diagnostics] : [leftOutOf(answers), []];
}
