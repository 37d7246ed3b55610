import { describe, expect, it } from 'vitest';
import { Probe } from '@/lib/targets/model/probe';
import { probeDraftOf, probeOf } from './probe-draft';

describe('the probe of a target form', () => {
  it('comes out as it went in', () => {
    const probe: Probe = { url: 'https://a.example/version', field: null, says: 'version', withinMinutes: 3 };
    expect(probeOf(probeDraftOf(probe))).toEqual(probe);
  });

  it('is absent without an address, and begins with what most services say', () => {
    const empty = probeDraftOf(null);
    expect(probeOf(empty)).toBeNull();
    expect(probeOf({ ...empty, url: ' https://a.example/version ' })).toEqual({
      url: 'https://a.example/version',
      field: 'sha',
      says: 'sha',
      withinMinutes: 10,
    });
  });

  it.each(['', 'soon', '1.5', '-1'])('leaves the minutes %j to the schema, which refuses them', (withinMinutes) => {
    const probe = probeOf({ url: 'https://a.example/version', field: '', says: 'sha', withinMinutes });
    expect(Probe.safeParse(probe).error?.issues[0]?.path).toEqual(['withinMinutes']);
  });
});
