/** Text as one word of a POSIX shell, bash or zsh: sh(1), "Quoting". */
export function posixQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Text as one word of fish: fish-language, "Quotes". */
export function fishQuote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
