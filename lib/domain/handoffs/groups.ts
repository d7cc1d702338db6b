/** Keys that must be compared together, because an event on either side, or a person, says that they are one. Pure. */
import type { ObjectKey } from "@/lib/domain/object";

/** Disjoint sets over keys. */
export class KeyGroups {
  readonly #parent = new Map<ObjectKey, ObjectKey>();

  /** Takes the keys up, and makes them one group. */
  join(keys: readonly ObjectKey[]): void {
    const [first, ...others] = keys;
    if (first === undefined) return;
    const root = this.#rootOf(first);
    for (const key of others) {
      const other = this.#rootOf(key);
      if (other !== root) this.#parent.set(other, root);
    }
  }

  /** Each group's keys in order. */
  all(): ReadonlyMap<ObjectKey, readonly ObjectKey[]> {
    const groups = new Map<ObjectKey, ObjectKey[]>();
    for (const key of [...this.#parent.keys()].sort()) {
      const root = this.#rootOf(key);
      const group = groups.get(root);
      if (group) group.push(key);
      else groups.set(root, [key]);
    }
    return groups;
  }

  #rootOf(key: ObjectKey): ObjectKey {
    let root = key;
    for (let next = this.#parent.get(root); next !== undefined && next !== root; next = this.#parent.get(root))
      root = next;
    // The way is shortened behind us, so that long chains are walked once.
    for (let at = key; at !== root; ) {
      const next = this.#parent.get(at) ?? root;
      this.#parent.set(at, root);
      at = next;
    }
    this.#parent.set(root, root);
    return root;
  }
}
