/**
 * The last line behind redaction by place: secrets that are known and long are replaced wherever they turn up in what
 * leaves the process. It is no substitute for redaction, which hides short secrets too, and shows that they changed.
 */

export interface SecretScrubber {
  /** Remember a secret, when it is long enough that a repetition of it is no chance. */
  readonly learn: (secret: string, kind: 'own' | 'placeholder') => void;
  /** The text with every known secret replaced. */
  readonly scrub: (text: string) => string;
}

/**
 * In UTF-16 units. Keys and tokens of our own are random. A placeholder may stand for anything, also for a word such as
 * `production`, which must not be cut out of the names of connectors.
 */
const MIN_LENGTH = { own: 8, placeholder: 16 } as const;
/** Of more the oldest are forgotten: values that were rotated away long ago. */
const MAX_KNOWN = 50_000;
const REPLACEMENT = '[secret]';

/**
 * So many units of each secret are looked for, those of all secrets at once: the cost of a text does not depend on how
 * many are known. They are from the middle, for beginnings and ends are often alike (`sk_live_`, `Bearer `, `-----END`).
 */
const WINDOW = 8;
const BASE = 31;
const BASE_TO_WINDOW = BASE ** (WINDOW - 1) % 2 ** 32;
const FILTER_BITS = 16;

interface Spelling {
  readonly text: string;
  /** Where in it the window lies. */
  readonly offset: number;
}

export function createSecretScrubber(): SecretScrubber {
  const known = new Set<string>();
  let spellings = new Map<string, Spelling[]>();
  /** One for every hash that a window has; most places in a text are passed over by it. */
  let filter = new Uint8Array(2 ** FILTER_BITS);

  const index = (secret: string): void => {
    for (const text of spellingsOf(secret)) {
      const offset = Math.floor((text.length - WINDOW) / 2);
      const window = text.slice(offset, offset + WINDOW);
      const others = spellings.get(window);
      if (others === undefined) spellings.set(window, [{ text, offset }]);
      else others.push({ text, offset });
      filter[slotOf(hashOf(window))] = 1;
    }
  };

  const forgetOldest = (): void => {
    const kept = [...known].slice(MAX_KNOWN / 2);
    known.clear();
    spellings = new Map();
    filter = new Uint8Array(2 ** FILTER_BITS);
    for (const secret of kept) {
      known.add(secret);
      index(secret);
    }
  };

  const find = (text: string): readonly Span[] => {
    const found: Span[] = [];
    let hash = hashOf(text);
    for (let at = 0; at + WINDOW <= text.length; at += 1) {
      if (at > 0) hash = roll(hash, text.charCodeAt(at - 1), text.charCodeAt(at + WINDOW - 1));
      if (filter[slotOf(hash)] === 0) continue;
      for (const { text: spelling, offset } of spellings.get(text.slice(at, at + WINDOW)) ?? []) {
        const from = at - offset;
        if (from >= 0 && text.startsWith(spelling, from)) found.push({ from, to: from + spelling.length });
      }
    }
    return found;
  };

  return {
    learn(secret, kind) {
      if (secret.length < MIN_LENGTH[kind] || known.has(secret)) return;
      if (known.size >= MAX_KNOWN) forgetOldest();
      known.add(secret);
      index(secret);
    },

    scrub(text) {
      if (known.size === 0 || text.length < WINDOW) return text;
      const found = find(text);
      return found.length === 0 ? text : replaceSpans(text, found);
    },
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Spans that overlap are replaced as one: of none a piece is left over. */
function replaceSpans(text: string, spans: readonly Span[]): string {
  let replaced = '';
  let done = 0;
  for (const { from, to } of spans.toSorted((left, right) => left.from - right.from)) {
    if (from >= done) replaced += text.slice(done, from) + REPLACEMENT;
    done = Math.max(done, to);
  }
  return replaced + text.slice(done);
}

/** As it is, as it stands inside JSON, and percent-encoded. */
function spellingsOf(secret: string): ReadonlySet<string> {
  const text = secret.toWellFormed();
  return new Set([secret, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]);
}

/** The hash of the first window of a text. */
function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < WINDOW; at += 1) hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) >>> 0;
  return hash;
}

/** The hash of the window one unit further on. */
function roll(hash: number, left: number, entered: number): number {
  return (Math.imul(hash - Math.imul(left, BASE_TO_WINDOW), BASE) + entered) >>> 0;
}

function slotOf(hash: number): number {
  return Math.imul(hash, 0x9e_37_79_b1) >>> (32 - FILTER_BITS);
}
