/** JSON from outside: parsed so that it is sent back as it came, and read without trusting its shape. */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

interface RawNumber {
  readonly rawJSON: string;
}

/** Newer than the type definitions; a browser may lack them. */
const exact = JSON as typeof JSON & {
  rawJSON?: (text: string) => RawNumber;
  isRawJSON?: (value: unknown) => value is RawNumber;
};

/** Keeps the text of numbers that a double would change (`1.0`, 20 digits), if the browser can: `stringify` writes it back. */
export function parse(text: string): Json {
  const raw = exact.rawJSON;
  if (!raw) return JSON.parse(text) as Json;
  const keep = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && context?.source !== undefined && context.source !== String(value) ? raw(context.source) : value;
  return JSON.parse(text, keep) as Json;
}

export function stringify(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent) ?? "null";
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRaw(value);
}

export function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** The string, or `fallback` if the value is something else. */
export function text(value: unknown, fallback = ""): string {
  return typeof value === "string" ? value : fallback;
}

export function number(value: unknown, fallback = 0): number {
  if (isRaw(value)) return Number(value.rawJSON);
  return typeof value === "number" ? value : fallback;
}

/** A value as a person reads it: a string as it is, anything else as JSON. */
export function shown(value: unknown): string {
  return typeof value === "string" ? value : stringify(value);
}

/** Whether two values are the same: the order of keys does not count, and null is as good as absent. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other || ((one ?? null) === null && (other ?? null) === null)) return true;
  if (isRaw(one) || isRaw(other)) return stringify(one) === stringify(other);
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => same(one[key], other[key]));
}

function isRaw(value: unknown): value is RawNumber {
  return exact.isRawJSON?.(value) ?? false;
}
