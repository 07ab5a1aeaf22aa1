import fc from "fast-check";

/** Texts that are nearly YAML. */
export const yamlTexts = fc
  .array(
    fc.constantFrom(
      "a",
      "b: ",
      "- ",
      "? ",
      ": ",
      "[",
      "]",
      "{",
      "}",
      ", ",
      "\n",
      "\n  ",
      "\n    ",
      "&x ",
      "*x",
      "<<: ",
      "!!str ",
      "|\n",
      ">",
      '"',
      "'",
      "#",
      "\t",
      "---\n",
      "...\n",
      "%YAML 1.1\n",
      "~",
      "1e400",
      "\u0000",
      "\r\n",
      "\ufeff",
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(""));
