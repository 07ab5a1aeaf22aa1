import { byText, sorted } from "../../base/order.js";
import type { Cloud } from "./cloud.js";

/** `name`, where it is not the key. */
export function named(key: string, name: string): { readonly name?: string } {
  return key === name ? {} : { name };
}

/** `project_id`, where it is not the topology's. */
export function ownProject(cloud: Cloud, projectId: string): { readonly project_id?: string } {
  return projectId === cloud.projectId || projectId === "" ? {} : { project_id: projectId };
}

/** A section of the topology under construction: safe for any key. */
export interface Section<T> {
  set(key: string, value: T): void;
  /** Keys in order of code units: for sections whose order says nothing. */
  sorted(): Readonly<Record<string, T>>;
  inOrder(): Readonly<Record<string, T>>;
}

/** An empty section. */
export function section<T>(): Section<T> {
  const entries = new Map<string, T>();
  const build = (keys: Iterable<string>): Readonly<Record<string, T>> => {
    const result = Object.create(null) as Record<string, T>;
    for (const key of keys) result[key] = entries.get(key) as T;
    return result;
  };
  return {
    set: (key, value) => void entries.set(key, value),
    sorted: () => build(sorted(entries.keys(), byText)),
    inOrder: () => build(entries.keys()),
  };
}
