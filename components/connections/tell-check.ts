import { notify } from '@/components/ui/notify';
import type { CredentialReport } from '@/lib/providers/port';

/** Says what the provider answered when a connection was checked. */
export function tellCheck({ ok, account }: CredentialReport): void {
  notify({ tone: ok ? 'good' : 'bad', title: ok ? `It works, as ${account}` : 'It does not work', id: 'check' });
}
