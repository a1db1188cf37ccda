/** What a tab remembers when its page is loaded again. It is forgotten with the tab: nothing is kept anywhere else. */

import { isObject, parse, stringify, text } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { Credentials } from "../api/http.ts";

type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const CREDENTIALS = "agent-generator.credentials";
const DESK = "agent-generator.desk";

/** The tab's own storage; if the browser refuses it, a memory that lasts until the page is loaded again. */
export function sessionMemory(): Memory {
  try {
    return sessionStorage;
  } catch {
    const items = new Map<string, string>();
    return {
      getItem: (name) => items.get(name) ?? null,
      setItem: (name, value) => void items.set(name, value),
      removeItem: (name) => void items.delete(name),
    };
  }
}

export interface Tab {
  credentials(): Credentials | null;
  keepCredentials(credentials: Credentials | null): void;
  desk(): JsonObject;
  /** Too big for the browser's storage, or no storage at all: then it is not remembered, and false. */
  keepDesk(desk: object): boolean;
}

export function tab(memory: Memory): Tab {
  const read = (name: string): JsonObject | null => {
    try {
      const value = parse(memory.getItem(name) ?? "null");
      return isObject(value) ? value : null;
    } catch {
      return null;
    }
  };
  const write = (name: string, value: object | null): boolean => {
    try {
      if (value === null) memory.removeItem(name);
      else memory.setItem(name, stringify(value));
      return true;
    } catch {
      return false;
    }
  };
  return {
    credentials() {
      const told = read(CREDENTIALS);
      return told && { key: text(told["key"]), token: text(told["token"]) };
    },
    keepCredentials(credentials) {
      write(CREDENTIALS, credentials);
    },
    desk: () => read(DESK) ?? {},
    keepDesk(desk) {
      // An old desk would come back in place of this one.
      return write(DESK, desk) || (write(DESK, null), false);
    },
  };
}

/** What is wrong with a key or a token as it was typed; null if it can be sent. */
export function faultOf(credential: string): string | null {
  if (/[^\x21-\x7e]/.test(credential)) return "It has characters that no key has, such as a space. Copy it again.";
  return credential.length > 4096 ? "It is too long." : null;
}
