import { expect, test } from 'vitest';
import { catalog } from '@/lib/providers/catalog.generated';
import { isFoundByMarker } from './dispatch';

test('after a lost answer every host is asked for the marker before a person is: also one that takes the same key once', () => {
  const hosts = Object.values(catalog).flatMap(({ id, capabilities }) =>
    capabilities.deploy ? [[id, isFoundByMarker(capabilities.deploy.idempotency)]] : [],
  );
  expect(hosts.length).toBeGreaterThan(3);
  expect(hosts.filter(([, found]) => !found)).toEqual([]);
  expect([isFoundByMarker('native'), isFoundByMarker('none'), isFoundByMarker(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
});
