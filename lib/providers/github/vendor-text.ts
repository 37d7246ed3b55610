import { vendorText } from '@/lib/http/vendor-text';

/** What GitHub wrote, for the end of a sentence of ours. */
export function shorten(text: string): string {
  return vendorText(text) || 'no reason was given.';
}
