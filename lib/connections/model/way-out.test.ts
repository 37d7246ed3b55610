import { expect, test } from 'vitest';
import { catalog } from '@/lib/providers/catalog.generated';
import { wayOut } from './way-out';

const report = (expiresAt: string | null) => ({ ok: true, account: 'acme', scopes: [], problems: [], expiresAt });

test('a token whose kind ends for everybody is not to be replaced by another of its kind', () => {
  const marketplace = catalog['vs-marketplace'];
  const said = wayOut(marketplace, report('2026-12-01T00:00:00.000Z'));
  expect(said).toContain('end on 2026-12-01; from that day the Marketplace takes none');
  expect(said).toContain('Entra');
});

test('a credential that ends by itself, or of which no end is known, takes a new one', () => {
  const marketplace = catalog['vs-marketplace'];
  expect(wayOut(marketplace, report('2026-11-30T00:00:00.000Z'))).toBeNull();
  expect(wayOut(marketplace, report(null))).toBeNull();
  expect(wayOut(marketplace, null)).toBeNull();
  expect(wayOut(catalog['open-vsx'], report('2026-12-01T00:00:00.000Z'))).toBeNull();
  expect(wayOut(undefined, report('2026-12-01T00:00:00.000Z'))).toBeNull();
});
