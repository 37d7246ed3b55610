import 'server-only';

/** The console's address for a path; links in messages lead there. */
export function publicUrl(path: string): string {
  const base = process.env.NEXTAUTH_URL ?? '';
  return URL.canParse(base) ? new URL(path, base).href : path;
}
