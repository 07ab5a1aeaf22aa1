import type { SchemaError } from "./validator.generated.js";

/**
 * The errors that say what is wrong, of all that ajv reports.
 *
 * A shorthand (`anyOf`) fails with the errors of all its forms: only those of the form that was meant are kept. An error that follows from another is left out:
 * a value of the wrong type is not also none of the listed ones.
 * Order: as ajv's.
 */
export function meantErrors(errors: readonly SchemaError[]): SchemaError[] {
  const meant: SchemaError[] = [];
  for (const error of errors) {
    if (error.keyword === "propertyNames") continue;
    if (error.keyword !== "anyOf") {
      meant.push(error);
      continue;
    }
    // ajv reports the errors of all forms, one form after another, right before the error of the whole.
    let first = meant.length;
    while (first > 0 && isWithin(meant[first - 1]?.instancePath ?? "", error.instancePath)) first--;
    meant.push(...errorsOfMeantForm(error, meant.splice(first)));
  }
  return withoutConsequences(meant);
}

function errorsOfMeantForm(whole: SchemaError, candidates: readonly SchemaError[]): SchemaError[] {
  const here = candidates.filter((error) => error.instancePath === whole.instancePath);
  const inside = candidates.filter((error) => error.instancePath !== whole.instancePath);
  const types = here.filter((error) => error.keyword === "type");
  const otherForms = new Set(types.map((error) => error.parentSchema));
  const ofForms = new Map<SchemaError["parentSchema"], SchemaError[]>();
  for (const error of here) {
    if (otherForms.has(error.parentSchema)) continue;
    const ofForm = ofForms.get(error.parentSchema);
    if (ofForm === undefined) ofForms.set(error.parentSchema, [error]);
    else ofForm.push(error);
  }
  if (ofForms.size === 0 && inside.length === 0)
    return [{ ...whole, keyword: "type", params: { type: types.flatMap((error) => error.params["type"]) } }];
  const forms = [...ofForms.values()];
  // A form whose required attribute is missing was hardly meant; where all lack theirs, the one with the fewest errors was.
  const complete = forms.filter((form) => form.every((error) => error.keyword !== "required"));
  const [best = []] = (complete.length > 0 ? complete : inside.length > 0 ? [] : forms).sort((a, b) => a.length - b.length);
  return [...best, ...inside];
}

function withoutConsequences(errors: readonly SchemaError[]): SchemaError[] {
  const ofWrongType = new Set(errors.filter((error) => error.keyword === "type").map((error) => error.instancePath));
  return errors.filter((error) => error.keyword === "type" || !ofWrongType.has(error.instancePath));
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
