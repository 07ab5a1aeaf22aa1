/** A command and what its output is piped into: words of each. */
export interface CommandLine {
  readonly stages: readonly (readonly string[])[];
}

/**
 * Splits a command line as a shell does: quotes, backslashes, pipes, a backslash before a line end. Nothing is expanded or run.
 *
 * Errors: a reason where a quote is open, a stage is empty, or a character asks for a shell (redirection, lists, substitution).
 */
export function parseCommandLine(text: string): CommandLine | { readonly reason: string } {
  const stages: string[][] = [[]];
  let word: string | undefined;
  const finish = (): void => {
    if (word !== undefined) stages.at(-1)?.push(word);
    word = undefined;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "'" || character === '"') {
      const quoted = readQuoted(text, at);
      if (quoted === undefined) return { reason: `The quote ${character} is not closed.` };
      word = (word ?? "") + quoted.text;
      at = quoted.end;
    } else if (character === "\\") {
      const next = text[++at] ?? "";
      if (next !== "\n") word = (word ?? "") + next;
    } else if (character === "|") {
      finish();
      stages.push([]);
    } else if (/\s/.test(character)) {
      finish();
    } else if (character === "#" && word === undefined) {
      break;
    } else if (/[;&<>`]/.test(character) || (character === "$" && text[at + 1] === "(")) {
      return { reason: `The consoles have no shell, so "${character}" means nothing to them; pipes are all they know.` };
    } else {
      word = (word ?? "") + character;
    }
  }
  finish();
  if (stages.some((stage) => stage.length === 0)) return { reason: "There is no command." };
  return { stages };
}

function readQuoted(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const quote = text[start];
  let read = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === quote) return { text: read, end: at };
    if (character === "\\" && quote === '"' && /["\\$`]/.test(text[at + 1] ?? "")) read += text[++at] ?? "";
    else read += character;
  }
  return undefined;
}

/** What `--flags` and `-f` flags of a command are: those with a value, and those without. */
export interface FlagSpec {
  readonly withValue: readonly string[];
  readonly alone: readonly string[];
}

/** A command's flags and its other words. */
export interface Flags {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly words: readonly string[];
}

/**
 * Takes the flags out of a command's words: `-n`, `-nv`, `-c 3`, `-c3`, `--name value`, `--name=value`.
 *
 * Errors: a reason where a flag is unknown or lacks its value.
 */
export function readFlags(words: readonly string[], spec: FlagSpec): Flags | { readonly reason: string } {
  const values = new Map<string, string[]>();
  const others: string[] = [];
  const add = (flag: string, value: string): void => void values.set(flag, [...(values.get(flag) ?? []), value]);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-") || word === "-" || /^-\d+$/.test(word)) {
      others.push(word);
      continue;
    }
    const [flag, inline] = word.startsWith("--") ? splitOnce(word, "=") : [word, undefined];
    if (spec.alone.includes(flag)) add(flag, "");
    else if (spec.withValue.includes(flag)) {
      const value = inline ?? words[++at];
      if (value === undefined) return { reason: `The option ${flag} needs a value.` };
      add(flag, value);
    } else {
      const cluster = readCluster(word, words[at + 1], spec);
      if (cluster === undefined) return { reason: `The option ${word} is not known here.` };
      for (const [name, value] of cluster.flags) add(name, value);
      if (cluster.tookNext) at++;
    }
  }
  return { values, words: others };
}

function readCluster(
  word: string,
  next: string | undefined,
  spec: FlagSpec,
): { readonly flags: readonly (readonly [string, string])[]; readonly tookNext: boolean } | undefined {
  if (word.startsWith("--")) return undefined;
  const flags: (readonly [string, string])[] = [];
  for (let at = 1; at < word.length; at++) {
    const flag = `-${word[at] ?? ""}`;
    if (spec.alone.includes(flag)) flags.push([flag, ""]);
    else if (spec.withValue.includes(flag)) {
      const rest = word.slice(at + 1);
      if (rest === "" && next === undefined) return undefined;
      flags.push([flag, rest === "" ? (next ?? "") : rest]);
      return { flags, tookNext: rest === "" };
    } else return undefined;
  }
  return { flags, tookNext: false };
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** True where a word is the beginning of one of iproute2's words: `r` of `route`. */
export function abbreviates(word: string, whole: string): boolean {
  return word !== "" && whole.startsWith(word);
}
