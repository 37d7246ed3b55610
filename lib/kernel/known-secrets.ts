/** Whatever can reveal a plaintext; in practice `Secret`. */
interface Held {
  reveal(): string;
}

/** Shorter ones are ordinary words too often. */
const SHORTEST = 8;
/** The oldest go first; a process opens far fewer at a time. */
const MOST = 500;

// A bundler may evaluate this module several times; the process has one list all the same.
const KEY = Symbol.for('aetherstack.known-secrets');
const store = globalThis as unknown as { [KEY]?: Set<WeakRef<Held>> };
const forms = new WeakMap<Held, string[]>();

/** Remembers that this plaintext is in use, for as long as somebody holds it: the list itself keeps nothing alive. */
export function rememberSecret(held: Held): void {
  store[KEY] ??= new Set();
  const known = store[KEY];
  known.add(new WeakRef(held));
  for (const oldest of known) {
    if (known.size <= MOST) break;
    known.delete(oldest);
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
  for (const ref of store[KEY] ?? []) {
    const held = ref.deref();
    if (!held) store[KEY]?.delete(ref);
    else for (const form of formsOf(held)) if (out.includes(form)) out = out.replaceAll(form, mask);
  }
  return out;
}
