import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { type CapabilityMap, capability, ProviderError } from '../port';
import type { Delivery } from './harness';
import type { Stage } from './stage';

/** Deliveries: only what the secret signed is believed, byte by byte, and junk is refused without harm. */
export function describeWebhooks(stage: Stage): void {
  describe('webhooks', () => {
    let delivery: Delivery;
    let header = '';
    const hooks = (): CapabilityMap['webhooks']['methods'] => capability(stage.provider, 'webhooks');
    const authentic = (raw: Uint8Array, signature: string | null, secrets: string[]): Promise<boolean> => {
      const headers = new Headers(delivery.headers);
      headers.delete(header);
      if (signature !== null) headers.set(header, signature);
      return hooks().authenticate(
        raw,
        headers,
        secrets.map((secret) => new Secret(secret)),
      );
    };

    beforeEach(async () => {
      if (!stage.harness.delivery) throw new Error('A provider that claims webhooks needs a harness with delivery().');
      delivery = await stage.harness.delivery();
      header = stage.provider.manifest.capabilities.webhooks?.signatureHeader ?? '';
    });

    it('believes the vendor’s own delivery, and during a rotation the old secret as well as the new', async () => {
      const { raw, secret } = delivery;
      const signature = delivery.headers.get(header);
      expect(await authentic(raw, signature, [secret])).toBe(true);
      expect(await authentic(raw, signature, ['new-secret', secret])).toBe(true);
      expect(await authentic(raw, delivery.sign(raw, 'new-secret'), ['new-secret', secret])).toBe(true);
      expect(await authentic(raw, signature, ['new-secret'])).toBe(false);
    });

    it('believes nothing without a secret', async () => {
      expect(await authentic(delivery.raw, delivery.headers.get(header), [])).toBe(false);
      expect(await authentic(delivery.raw, delivery.sign(delivery.raw, ' '), [''])).toBe(false);
    });

    it('refuses every other signature', async () => {
      const good = delivery.headers.get(header) ?? '';
      const wrong = [
        null,
        '',
        good.slice(0, -1),
        `${good}0`,
        good.replace(/^sha256=/, ''),
        good.replace(/^sha256=/, 'sha1='),
        good.toUpperCase(),
        `${good},${good}`,
        `é${good}`,
        'sha256=',
        delivery.sign(delivery.raw, 'guess'),
      ];
      for (const signature of wrong.filter((each) => each !== good)) {
        const safe = signature?.replace('é', '\u00e9') ?? null;
        expect(await authentic(delivery.raw, safe, [delivery.secret]), String(signature)).toBe(false);
      }
    });

    it('refuses other bytes under the same signature, even when they mean the same', async () => {
      const signature = delivery.headers.get(header);
      const same = new TextEncoder().encode(
        JSON.stringify(JSON.parse(new TextDecoder().decode(delivery.raw)), null, 1),
      );
      for (const raw of [same, delivery.raw.subarray(1), new Uint8Array(0)]) {
        expect(await authentic(raw, signature, [delivery.secret])).toBe(false);
      }
    });

    it('reads from a delivery where to look again', () => {
      const hint = hooks().parse(delivery.raw, delivery.headers);
      expect(hint.deliveryId).not.toBe('');
      expect(hint.event).not.toBe('');
      expect(hint.remoteId).toMatch(/^\d+$|^[\w-]+$/);
    });

    it.each([
      '',
      '{',
      '[]',
      'null',
      '"text"',
      '{"workflow_run":5}',
      '{"repository":{"full_name":7}}',
      '\u0000',
      `${'['.repeat(20_000)}`,
      '{"workflow_run":{"id":9007199254740993}}',
      '{"__proto__":{"id":1}}',
    ])('refuses junk (%#) as unreadable', (text) => {
      const junk = () => hooks().parse(new TextEncoder().encode(text), delivery.headers);
      expect(junk).toThrow(ProviderError);
      expect(junk).toThrow(expect.objectContaining({ kind: 'protocol' }));
    });

    it('refuses bytes that are not UTF-8', () => {
      expect(() => hooks().parse(Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]), delivery.headers)).toThrow(ProviderError);
    });
  });
}
