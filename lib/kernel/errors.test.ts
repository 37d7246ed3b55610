import { describe, expect, it, vi } from 'vitest';
import { ProviderError } from '@/lib/providers/port';
import { ServiceError } from './errors';

describe('errors across bundles', () => {
  it('an error made by another copy of the module is still what it says', async () => {
    vi.resetModules();
    const other = await import('./errors');
    expect(other.ServiceError).not.toBe(ServiceError);
    const foreign: unknown = new other.ServiceError('notFound', 'gone', 'It is gone.');
    expect(foreign instanceof ServiceError).toBe(true);
    expect(foreign instanceof ProviderError).toBe(false);
  });

  it('a provider error too, and neither takes an ordinary error for its own', async () => {
    vi.resetModules();
    const other = await import('@/lib/providers/port');
    expect(other.ProviderError).not.toBe(ProviderError);
    expect(new other.ProviderError('auth', 'refused', 'Refused.') instanceof ProviderError).toBe(true);
    expect(new Error('x') instanceof ProviderError).toBe(false);
    expect((null as unknown as object) instanceof ServiceError).toBe(false);
  });
});
