export interface Answered {
  ok: boolean;
  /** Why not, for people; empty when it was done. */
  sentence: string;
  /** A field of the answer; empty when it is not there. */
  text(name: string): string;
}

const UNREACHABLE = 'It cannot be reached right now, so it is not known whether this was done. Try again in a minute.';

/** Sends a small object, without cookies, also to a console on another site. */
export async function postTo(url: string, body: Record<string, string>): Promise<Answered> {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', credentials: 'omit', headers, body: JSON.stringify(body) });
    const said: unknown = answer.status === 204 ? {} : await answer.json();
    const text = (name: string) => {
      const value = typeof said === 'object' && said !== null ? (said as Record<string, unknown>)[name] : null;
      return typeof value === 'string' ? value : '';
    };
    return { ok: answer.ok, sentence: answer.ok ? '' : text('detail') || UNREACHABLE, text };
  } catch {
    return { ok: false, sentence: UNREACHABLE, text: () => '' };
  }
}
