import { remember } from "../base/remember.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import { parseUuid } from "../net/uuid.js";
import type { SourceSpan, SourceText } from "../source/span.js";

/**
 * One object of an API answer, read field by field. What is missing or of another type is reported once, at the object's id in the file.
 *
 * Errors: `answer-field` for a field that is missing or of the wrong type.
 */
export class AnswerRecord {
  constructor(
    readonly source: SourceText,
    /** What the object is called in messages: `port`. */
    readonly what: string,
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly diagnostics: Diagnostic[],
    /** Id of the object, or of the one around it. */
    private readonly id: unknown = fields["id"],
  ) {}

  /** Where the file has the object: its id, or the top of the file. */
  span(): SourceSpan {
    const { id, source } = this;
    const start = typeof id === "string" ? idPlaces(source).get(id) : undefined;
    return start === undefined
      ? { source, start: 0, end: Math.min(1, source.text.length) }
      : { source, start, end: start + JSON.stringify(id).length };
  }

  /** A field that must be there; the empty string where it is not. */
  text(field: string): string {
    const value = this.value(field);
    if (typeof value === "string") return value;
    this.bad(field, "a string");
    return "";
  }

  /** A field that must be there and be a UUID; the empty string where it is not. */
  uuid(field: string): string {
    const text = this.text(field);
    if (text === "" || parseUuid(text) !== undefined) return text;
    this.bad(field, "a UUID");
    return "";
  }

  /** A field that may be missing or null. */
  optionalText(field: string): string | undefined {
    const value = this.value(field);
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "string") return value;
    this.bad(field, "a string");
    return undefined;
  }

  /** A truth value, with what a missing one means. */
  boolean(field: string, otherwise: boolean): boolean {
    const value = this.value(field);
    if (value === undefined || value === null) return otherwise;
    if (typeof value === "boolean") return value;
    this.bad(field, "true or false");
    return otherwise;
  }

  /** A whole number that may be missing or null. */
  optionalInteger(field: string): number | undefined {
    const value = this.value(field);
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    this.bad(field, "a whole number");
    return undefined;
  }

  /** A list of texts; empty where missing. */
  texts(field: string): readonly string[] {
    const value = this.value(field);
    if (value === undefined || value === null) return [];
    if (Array.isArray(value) && value.every((entry): entry is string => typeof entry === "string")) return value;
    this.bad(field, "a list of strings");
    return [];
  }

  /** A list of objects; empty where missing. */
  records(field: string): readonly AnswerRecord[] {
    const value = this.value(field);
    if (value === undefined || value === null) return [];
    if (Array.isArray(value) && value.every(isFields)) return value.map((entry) => this.child(`${this.what} ${field}`, entry));
    this.bad(field, "a list of objects");
    return [];
  }

  /** An object that may be missing or null. */
  record(field: string): AnswerRecord | undefined {
    const value = this.value(field);
    if (value === undefined || value === null) return undefined;
    if (isFields(value)) return this.child(`${this.what} ${field}`, value);
    this.bad(field, "an object");
    return undefined;
  }

  /** Texts by name, such as `bridge_mappings`; empty where missing. */
  textMap(field: string): ReadonlyMap<string, string> {
    const record = this.record(field);
    return new Map(Object.keys(record?.fields ?? {}).map((name) => [name, record?.text(name) ?? ""]));
  }

  /** Whether the answer has the field at all: provider attributes are for administrators only. */
  has(field: string): boolean {
    return this.value(field) !== undefined;
  }

  private value(field: string): unknown {
    if (Object.hasOwn(this.fields, field)) return this.fields[field];
    for (const alias of aliases.get(field) ?? []) if (Object.hasOwn(this.fields, alias)) return this.fields[alias];
    return undefined;
  }

  private child(what: string, fields: Readonly<Record<string, unknown>>): AnswerRecord {
    return new AnswerRecord(this.source, what, fields, this.diagnostics, fields["id"] ?? this.id);
  }

  private bad(field: string, expected: string): void {
    this.diagnostics.push(report("answer-field", { what: this.what, field, expected }, this.span()));
  }
}

/** Where the objects of a file have their ids. Found once a file: a cloud may have much to tell of. */
const idPlaces = remember((source: SourceText): ReadonlyMap<string, number> => {
  const places = new Map<string, number>();
  for (const match of source.text.matchAll(/"id"\s*:\s*"([^"\\]{1,100})"/g)) {
    const [whole, id = ""] = match;
    if (!places.has(id)) places.set(id, match.index + whole.length - id.length - 2);
  }
  return places;
});

/** Names under which the openstack client shows attributes: python-openstackclient's columns, and the SDK's. */
const aliases: ReadonlyMap<string, readonly string[]> = new Map([
  ["project_id", ["tenant_id"]],
  ["router:external", ["is_router_external"]],
  ["provider:network_type", ["provider_network_type"]],
  ["provider:physical_network", ["provider_physical_network"]],
  ["provider:segmentation_id", ["provider_segmentation_id"]],
  ["ipv4_address_scope", ["ipv4_address_scope_id"]],
  ["ipv6_address_scope", ["ipv6_address_scope_id"]],
  ["port_security_enabled", ["is_port_security_enabled"]],
  ["shared", ["is_shared"]],
  ["enable_dhcp", ["is_dhcp_enabled"]],
  ["admin_state_up", ["is_admin_state_up"]],
  ["binding:host_id", ["binding_host_id"]],
  ["binding:vif_type", ["binding_vif_type"]],
  ["binding:vif_details", ["binding_vif_details"]],
  ["security_groups", ["security_group_ids"]],
  ["distributed", ["is_distributed"]],
  ["ha", ["is_ha"]],
  ["ethertype", ["ether_type"]],
  ["configurations", ["configuration"]],
  ["alive", ["is_alive"]],
  ["security_group_rules", ["rules"]],
]);

/** True for a JSON object. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
