import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { AuthorityView } from '@/lib/connections/model/authority';
import { AuthorityPanel } from './authority-panel';
import type { ProviderChoice } from './connection-actions';
import { ConnectionForm } from './connection-form';

const idle = { run: async () => ({ ok: false }), pending: false, refusal: null, fields: {}, clear: () => undefined };
vi.mock('@/components/console/use-action', () => ({ useAction: () => idle }));
vi.mock('next/navigation', () => ({ useRouter: () => ({ push: () => undefined }) }));
const never = async () => Promise.reject(new Error('Nothing is pressed here.'));

const provider: ProviderChoice = {
  ...{ id: 'some', label: 'Some provider', docsUrl: 'https://docs.some.test', defaultOrigin: 'https://api.some.test' },
  ...{ credentialKinds: ['token'], credentialForms: [], credentialHelp: null, ownServer: null },
};
const form = (change: Partial<ProviderChoice>) =>
  renderToStaticMarkup(
    <ConnectionForm create={never} verify={never} providers={[{ ...provider, ...change }]} disabledReason={null} />,
  );

test('a certificate authority is asked for where people run the server themselves, and nowhere else', () => {
  expect(form({})).not.toContain('Certificate authority');
  expect(form({ ownServer: {} })).toContain('PEM, several below each other.');
  expect(form({ ownServer: { authority: 'Its file has it.' } })).toContain('Its file has it.');
});

const root = { subject: 'Acme Root', expiresAt: '2036-01-31T00:00:00.000Z', fingerprint: 'AB:CD:EF' };
const panel = (...trusted: AuthorityView[]) =>
  renderToStaticMarkup(
    <AuthorityPanel
      connection={{
        ...{ id: 'con_1', version: 1, credential: { kind: 'token', present: true, last4: '' } },
        authorities: { accepted: true, foundAt: null, trusted },
      }}
      actions={{ setAuthorities: never, verify: never }}
      disabledReason={null}
    />,
  );

test('who vouches for a server is told by name, end and digest; where nobody was entered, the usual ones do', () => {
  const shown = panel(root);
  for (const part of ['Acme Root', '2036', 'AB:CD:EF', 'Change authority…']) expect(shown).toContain(part);
  expect(panel({ ...root, validFrom: '2035-01-31T00:00:00.000Z' })).toContain('Valid from 2035-01-31, expires');
  expect(panel()).toContain('The usual ones');
  expect(panel()).toContain('Enter authority…');
});
