import type { Probe } from '@/lib/targets/model/probe';

/** A probe as it is typed. */
export interface ProbeDraft {
  url: string;
  field: string;
  says: Probe['says'];
  withinMinutes: string;
}

export function probeDraftOf(probe: Probe | null): ProbeDraft {
  return {
    url: probe?.url ?? '',
    field: probe?.field ?? (probe ? '' : 'sha'),
    says: probe?.says ?? 'sha',
    withinMinutes: String(probe?.withinMinutes ?? 10),
  };
}

/** As the schema wants it; null without an address. What is no number is left to the schema to refuse. */
export function probeOf({ url, field, says, withinMinutes }: ProbeDraft): Probe | null {
  if (url.trim() === '') return null;
  const minutes = /^\d{1,3}$/.test(withinMinutes.trim()) ? Number(withinMinutes) : Number.NaN;
  return { url: url.trim(), field: field.trim() === '' ? null : field.trim(), says, withinMinutes: minutes || 0 };
}
