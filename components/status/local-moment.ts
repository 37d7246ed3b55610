/** What a `datetime-local` field takes, in the viewer's own zone; only call it after mount. `at` is ISO 8601. */
export function toField(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** ISO 8601 in UTC, or null for what is no moment. */
export function fromField(text: string): string | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
