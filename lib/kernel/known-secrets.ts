/** Whatever can reveal a plaintext; in practice `Secret`. */
interface Held {
  reveal(): string;
}

/** Shorter ones are ordinary words too often. */
const SHORTEST = 8;
/** What nobody holds any more is swept out after so many new ones; what is held is never forgotten. */
const SWEEP_AFTER = 500;

/** Everybody who holds one and the same plaintext. */
type Holders = Set<WeakRef<Held>>;

interface Known {
  values: Set<Holders>;
  sinceSweep: number;
}

// A bundler may evaluate this module several times; the process has one list all the same.
export const KNOWN_SECRETS = Symbol.for('aetherstack.known-secret-values');
const store = globalThis as unknown as { [KNOWN_SECRETS]?: Known };
const forms = new WeakMap<Held, string[]>();

/** Remembers that this plaintext is in use, for as long as somebody holds it: the list itself keeps nothing alive. */
export function rememberSecret(held: Held): void {
  store[KNOWN_SECRETS] ??= { values: new Set(), sinceSweep: 0 };
  const known = store[KNOWN_SECRETS];
  known.sinceSweep += 1;
  if (known.sinceSweep >= SWEEP_AFTER) sweep(known);
  const value = held.reveal();
  for (const holders of known.values) {
    if (anyOf(holders)?.reveal() !== value) continue;
    holders.add(new WeakRef(held));
    return;
  }
  known.values.add(new Set([new WeakRef(held)]));
}

function anyOf(holders: Holders): Held | undefined {
  for (const ref of holders) {
    const held = ref.deref();
    if (held) return held;
    holders.delete(ref);
  }
  return undefined;
}

function sweep(known: Known): void {
  known.sinceSweep = 0;
  for (const holders of known.values) {
    for (const ref of holders) if (!ref.deref()) holders.delete(ref);
    if (holders.size === 0) known.values.delete(holders);
  }
}

/** Base64 of it wherever it begins inside other bytes, without the characters that its neighbours decide. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.from(`${'x'.repeat(shift)}${value}`)
      .toString('base64')
      .replace(/=+$/, '');
    const inner = text.slice(shift === 0 ? 0 : shift + 1, -2);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function formsOf(held: Held): string[] {
  const before = forms.get(held);
  if (before) return before;
  const value = held.reveal();
  const hex = Buffer.from(value).toString('hex');
  const written = [
    value,
    encodeURIComponent(value.toWellFormed()),
    JSON.stringify(value).slice(1, -1),
    hex,
    hex.toUpperCase(),
  ];
  const all = [...new Set([...written, ...base64Forms(value)])].filter((form) => form.length >= SHORTEST);
  const kept = value.length >= SHORTEST ? all.sort((a, b) => b.length - a.length) : [];
  forms.set(held, kept);
  return kept;
}

/** The text without any secret that is in use now: as it is, in base64, hexadecimal, an address or JSON. */
export function withoutKnownSecrets(text: string, mask: string): string {
  let out = text;
  for (const holders of store[KNOWN_SECRETS]?.values ?? []) {
    const held = anyOf(holders);
    if (!held) store[KNOWN_SECRETS]?.values.delete(holders);
    else for (const form of formsOf(held)) if (out.includes(form)) out = out.replaceAll(form, mask);
  }
  return out;
}
