/** An error of the validator, as ajv reports it in verbose mode. */
export interface SchemaError {
  /** JSON pointer to the value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that has the keyword: the same object for all errors of one schema. */
  readonly parentSchema?: { readonly properties?: Readonly<Record<string, unknown>> };
  /** The key at fault where the keyword is about keys. */
  readonly propertyName?: string;
}

/** True where a value has the shape of the schema; else `validate.errors` says why not. */
export declare const validate: { (value: unknown): boolean; errors?: readonly SchemaError[] | null };
