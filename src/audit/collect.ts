import template from "./collect.sh.hbs";

/**
 * The shell script that dumps a host in the layout of the artefact tree.
 *
 * Shape: POSIX sh, no arguments needed; it only lists and shows, and writes into a folder of its own.
 */
export function collectScript(version: string): string {
  return template({ version });
}
