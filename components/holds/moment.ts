/** Times as the viewer reads them. Everything here needs the browser's zone, so only call it after mount. */

/** "Fri 27 Nov, 16:00". `at` is ISO 8601. */
export function momentInWords(at: string): string {
  return new Date(at).toLocaleString(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}

export function clockInWords(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

/** "Fri 27 Nov, 16:00 – Mon 30 Nov, 08:00", or one day and two clocks. Both are ISO 8601. */
export function windowInWords(from: string, to: string): string {
  const sameDay = new Date(from).toDateString() === new Date(Date.parse(to) - 1).toDateString();
  return `${momentInWords(from)} – ${sameDay ? clockInWords(to) : momentInWords(to)}`;
}

/** The same in UTC, for the title. */
export function windowInUtc(from: string, to: string): string {
  const utc = (at: string) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `${utc(from)} – ${utc(to)} UTC`;
}

/** "3 d 4 h", "2 h 10 min", "5 min": how long until `at`, in milliseconds since the epoch both. */
export function spanUntil(at: number, now: number): string {
  const total = Math.max(0, Math.ceil((at - now) / 60_000));
  const [days, hours, minutes] = [Math.floor(total / 1440), Math.floor((total % 1440) / 60), total % 60];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return `${minutes} min`;
}
