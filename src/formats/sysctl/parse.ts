import type { Sysctl } from "../../ir/namespace.js";
import { type Parsed, parseEachLine, type ParseOptions, refused, understood } from "../parsed.js";

/** Reads the output of `sysctl`: `key = value`, blanks around the sign or not. Errors: a problem for each other line. */
export function parseSysctls(text: string, options: ParseOptions = {}): Parsed<Sysctl[]> {
  return parseEachLine(text, options, (line, origin) => {
    const equals = line.indexOf("=");
    const key = line.slice(0, Math.max(equals, 0)).trim();
    if (key === "" || /\s/.test(key)) return refused("a kernel parameter is written as key = value");
    return understood({ key, value: line.slice(equals + 1).trim(), origin });
  });
}
