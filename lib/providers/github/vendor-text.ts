/** At most 160 printable characters of a vendor's text. */
export function shorten(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  if (clean === '') return 'no reason was given.';
  return clean.length > 160 ? `${clean.slice(0, 159)}…` : clean;
}
