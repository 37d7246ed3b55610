import type { AnyProvider, CredentialReport } from '@/lib/providers/port';

type Manifest = Pick<AnyProvider['manifest'], 'capabilities'>;

/** What to do instead where a credential ends because its kind ends for everybody, so a new one would not do; null = one would. */
export function wayOut(manifest: Manifest | undefined, report: CredentialReport | null): string | null {
  const publish = manifest?.capabilities.publish;
  return publish?.retires && report?.expiresAt?.slice(0, 10) === publish.retires.on ? publish.notice : null;
}
