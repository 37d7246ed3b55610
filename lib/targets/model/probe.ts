import { z } from 'zod';

/** An address at which the deployed thing itself says which version it is. */
export const Probe = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'Enter an address such as https://api.example.com/version.' })
    .max(500, 'At most 500 characters.')
    .refine((text) => !/^https?:\/\/[^/?#]*@/i.test(text), 'Leave the name and the password out of the address.'),
  /** Where in a JSON answer the version stands, `build.sha`; null = the whole text of the answer. */
  field: z
    .string()
    .trim()
    .max(100, 'At most 100 characters.')
    .regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/, 'A name such as sha or build.sha.')
    .nullable()
    .default(null),
  /** What it says: the commit (7 to 40 digits of it) or the release's version. */
  says: z.enum(['sha', 'version']).default('sha'),
  /** How long it may take after the provider says done. */
  withinMinutes: z.number().int().min(1, 'At least 1 minute.').max(60, 'At most 60 minutes.').default(10),
});
export type Probe = z.infer<typeof Probe>;

/** What came back from a probe's address; `trouble` proves nothing, neither that it is live nor that it is not. */
export type ProbeAnswer = { kind: 'says'; value: string } | { kind: 'trouble'; sentence: string };

/** Largest answer that is read, in bytes. */
export const PROBE_BYTES = 16_384;
const SHA = /^[0-9a-f]{7,40}$/;
const VERSION = /^[\p{L}\p{N}][\p{L}\p{N}.+_-]{0,99}$/u;

/** The version in an answer's text, read as the probe says. Never throws; anything odd is trouble. */
export function readProbe(probe: Pick<Probe, 'field' | 'says'>, text: string): ProbeAnswer {
  const found = probe.field === null ? bare(text) : fieldIn(text, probe.field);
  if (found.kind === 'trouble') return found;
  const value = probe.says === 'sha' ? found.value.toLowerCase() : found.value;
  if ((probe.says === 'sha' ? SHA : VERSION).test(value)) return { kind: 'says', value };
  return trouble(probe.says === 'sha' ? 'it answered no commit' : 'it answered no version');
}

/** Whether what it says is this revision: at least seven digits of the commit, or exactly one of its names. */
export function fitsProbe(
  probe: Pick<Probe, 'says'>,
  value: string,
  wanted: { sha: string; version: string | null; also?: readonly string[] },
): boolean {
  if (probe.says === 'sha') return SHA.test(value) && wanted.sha.startsWith(value);
  const bareVersion = (text: string) => text.replace(/^v(?=\d)/, '');
  const names = [...(wanted.version === null ? [] : [wanted.version]), ...(wanted.also ?? [])];
  return names.some((name) => bareVersion(name) === bareVersion(value));
}

/** The address as it may be shown: what a query carries may be a secret. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

export function trouble(sentence: string): ProbeAnswer {
  return { kind: 'trouble', sentence };
}

function bare(text: string): ProbeAnswer {
  const trimmed = text.trim();
  return { kind: 'says', value: /^"[^"\\]*"$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed };
}

function fieldIn(text: string, field: string): ProbeAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return trouble('its answer is not JSON');
  }
  for (const name of field.split('.')) {
    const inside = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    if (!inside) return trouble(`its answer has no field “${field}”`);
    value = (value as Record<string, unknown>)[name];
  }
  if (typeof value !== 'string' && typeof value !== 'number') return trouble(`“${field}” in its answer is not a text`);
  return { kind: 'says', value: String(value).trim() };
}
