/** What was told last of each condition, so that it is told again only when it has changed. */

export interface ConditionBook<C extends { readonly mark: string }> {
  /** Write a condition down. True when it is news: there was none, or one with another mark. */
  note(key: string, condition: C): boolean;
  get(key: string): C | undefined;
  /** Strike a condition out; what it was, if there was one. */
  end(key: string): C | undefined;
  /** @param moved what the condition is at its new key */
  move(from: string, to: string, moved: (condition: C) => C): void;
  keys(): readonly string[];
}

export function createConditionBook<C extends { readonly mark: string }>(): ConditionBook<C> {
  const known = new Map<string, C>();
  const end = (key: string): C | undefined => {
    const condition = known.get(key);
    known.delete(key);
    return condition;
  };
  return {
    note: (key, condition) => {
      const before = known.get(key);
      known.set(key, condition);
      return before?.mark !== condition.mark;
    },
    get: (key) => known.get(key),
    end,
    move: (from, to, moved) => {
      const condition = end(from);
      if (condition !== undefined) known.set(to, moved(condition));
    },
    keys: () => [...known.keys()],
  };
}
