import { redactText } from '@/lib/kernel/redact';

/** At most 160 printable characters of a vendor's text, without secrets: they are masked before the cut could halve one. */
export function shorten(text: string): string {
  const clean = redactText(text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim());
  if (clean === '') return 'no reason was given.';
  return clean.length > 160 ? `${clean.slice(0, 159)}…` : clean;
}
