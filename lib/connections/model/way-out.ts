import type { AnyProvider, CredentialReport, TargetConfig } from '@/lib/providers/port';

type Manifest = Pick<AnyProvider['manifest'], 'capabilities' | 'credentialForms'>;

export interface CredentialEnd {
  /** ISO 8601 in UTC; null = none is known. */
  at: string | null;
  /** What to do instead where it ends because its kind ends for everybody, so a new one would not do; null = one would. */
  wayOut: string | null;
}

/** False for a connection without a token: it has a form of its own, with a user name that is given. */
export function isTokenStored(
  manifest: Manifest | undefined,
  report: Pick<CredentialReport, 'account'> | null,
): boolean {
  return !manifest?.credentialForms?.some(
    ({ username }) => username.fixed !== null && username.fixed === report?.account,
  );
}

/** A check tells the end of a kind as long as it is ahead (`retires`): one that worked and told none came after it. */
export function hasOutlived(manifest: Manifest | undefined, report: CredentialReport | null): boolean {
  if (!manifest?.capabilities.publish?.retires || !isTokenStored(manifest, report)) return false;
  return report?.ok === true && report.expiresAt === null;
}

/**
 * The earlier of the end that its provider told and the one of its kind. The latter goes by the clock, also for a token that was
 * refused or entered anew, until a check works when it is over. `config`: the target that publishes through it; one that a
 * workflow publishes to does not use it.
 */
export function credentialEnd(
  manifest: Manifest | undefined,
  report: CredentialReport | null,
  config: TargetConfig = {},
): CredentialEnd {
  const publish = manifest?.capabilities.publish;
  const unless = publish?.noticeUnless;
  if (unless !== undefined && config[unless] !== undefined) return { at: null, wayOut: null };
  const retires = isTokenStored(manifest, report) && !hasOutlived(manifest, report) ? publish?.retires : undefined;
  const retired = retires ? `${retires.on}T00:00:00.000Z` : null;
  const ends = [report?.expiresAt, retired].flatMap((end) => end ?? []);
  const at = ends.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
  const isRetirement = publish?.retires !== undefined && at?.slice(0, 10) === publish.retires.on;
  return { at, wayOut: isRetirement ? publish.notice : null };
}

/** Whether its kind is over for everybody and no check has said otherwise. `now`: ms since 1970. */
export function isKindOver(manifest: Manifest | undefined, report: CredentialReport | null, now: number): boolean {
  const { at, wayOut } = credentialEnd(manifest, report);
  return at !== null && wayOut !== null && Date.parse(at) <= now;
}
