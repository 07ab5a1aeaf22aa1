/** Text as one word of a POSIX shell, bash or zsh: sh(1), "Quoting". */
export function posixQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Text as one word of fish: fish-language, "Quotes". */
export function fishQuote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** Text as a word of a command line to copy: quoted only where it needs to be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : posixQuote(text);
}
