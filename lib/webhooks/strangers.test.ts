import { describe, expect, test } from 'vitest';
import { STRANGE, Strangers } from './strangers';

function flood(of: Strangers, ip: string | null, count: number): number {
  let read = 0;
  for (let sent = 0; sent < count; sent++) {
    if (of.wait(ip) !== null) continue;
    read++;
    of.heard(ip, false);
  }
  return read;
}

describe('deliveries that nobody signed', () => {
  test('of 10,000 from one network 60 are read, and one a second after that', () => {
    let now = 0;
    const strangers = new Strangers(() => now);
    expect(flood(strangers, '203.0.113.7', 10_000)).toBe(STRANGE);
    expect(strangers.wait('203.0.113.7')).toBe(1);
    now += 10_000;
    expect(flood(strangers, '203.0.113.7', 10_000)).toBe(10);
    expect(flood(strangers, '2001:db8::1', 5_000) + flood(strangers, '2001:db8::2', 5_000), 'one /64').toBe(STRANGE);
  });

  test('what is signed does not suffer: from other networks, nor from one that has sent a signed one', () => {
    const strangers = new Strangers(() => 0);
    flood(strangers, '203.0.113.7', 10_000);
    expect(strangers.wait('198.51.100.1')).toBeNull();
    strangers.heard('198.51.100.1', true);
    flood(strangers, '198.51.100.1', 10_000);
    expect(strangers.wait('198.51.100.1'), 'a connection with a wrong secret at the same vendor').toBeNull();
    expect(flood(strangers, null, 1_000), 'without an address nobody is told apart').toBe(1_000);
  });

  test('a network is known for an hour, and no flood of networks fills the memory', () => {
    let now = 0;
    const strangers = new Strangers(() => now);
    strangers.heard('198.51.100.1', true);
    flood(strangers, '198.51.100.1', 100);
    now += 3_600_000;
    flood(strangers, '198.51.100.1', 100);
    expect(strangers.wait('198.51.100.1')).not.toBeNull();
    for (let at = 0; at < 20_000; at++) strangers.heard(`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, false);
    expect(strangers.size).toBe(10_000);
  });
});
