import { describe, expect, it } from 'vitest';
import { apiPath, pageHrefs, parseListAddress } from './search-params';

const paramsOf = (address: string) => Object.fromEntries(new URL(address, 'http://x').searchParams);

describe('parseListAddress', () => {
  it('keeps what it understands and names what it ignores', () => {
    const address = parseListAddress({ component: 'backend', status: 'exploded', q: '', unknown: 'x' });
    expect(address.filter).toEqual({ component: 'backend' });
    expect(address.ignored).toEqual(['status']);
  });

  it('takes the first of a name that comes twice', () => {
    expect(parseListAddress({ person: ['Ana', 'Bo'] }).filter).toEqual({ person: 'Ana' });
  });
});

describe('pageHrefs', () => {
  it('walks three pages forward and the same three back', () => {
    const first = parseListAddress({ status: 'failed' });
    const toSecond = pageHrefs(first, 'c2').older ?? '';
    const second = parseListAddress(paramsOf(toSecond));
    const toThird = pageHrefs(second, 'c3').older ?? '';
    const third = parseListAddress(paramsOf(toThird));
    expect(third.filter).toEqual({ status: 'failed', cursor: 'c3' });
    expect(pageHrefs(third, null)).toEqual({ newer: toSecond, older: null });
    expect(pageHrefs(second, 'c3').newer).toBe('/deployments?status=failed');
    expect(pageHrefs(first, 'c2').newer).toBeNull();
  });

  it('a shared deep address still leads back to the first page', () => {
    expect(pageHrefs(parseListAddress({ cursor: 'c9' }), null).newer).toBe('/deployments');
  });
});

describe('apiPath', () => {
  it('asks the API for what the page shows', () => {
    expect(apiPath({ component: 'backend', q: 'fix & go' })).toBe('/api/v1/deployments?component=backend&q=fix+%26+go');
  });
});
