/** A value that tells when it changes. */

export interface Store<T> {
  get(): T;
  set(next: T): void;
  update(change: Partial<T>): void;
  /** Returns how to stop listening. */
  listen(listener: (value: T) => void): () => void;
}

export function store<T extends object>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  const set = (next: T): void => {
    value = next;
    for (const listener of [...listeners]) listener(value);
  };
  return {
    get: () => value,
    set,
    update: (change) => set({ ...value, ...change }),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
