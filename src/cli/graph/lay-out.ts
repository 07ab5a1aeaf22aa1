import { instance } from "@viz-js/viz";

/** Has Graphviz lay out a picture. Shape: an SVG document. Errors: throws what Graphviz says. */
export async function layOut(dot: string): Promise<string> {
  const viz = await instance();
  const svg = viz.renderString(dot, { engine: "dot", format: "svg" });
  // Graphviz measures texts in Helvetica alone: fonts of the same widths come next.
  return svg.replaceAll('font-family="Helvetica,sans-Serif"', `font-family="${fonts}"`);
}

const fonts = "Helvetica,Arial,Liberation Sans,sans-serif";
