import { redactText } from '@/lib/kernel/redact';

/**
 * What somebody else's server wrote, fit for a sentence of ours: one line of at most `most` printable characters, without
 * secrets, which are masked before the cut could halve one.
 */
export function vendorText(text: string, most = 160): string {
  const clean = redactText(text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim());
  return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean;
}

/** The same without its full stop, for the middle of a sentence. */
export function vendorPhrase(text: string, most = 160): string {
  return vendorText(text, most).replace(/[.!]+$/, '');
}
