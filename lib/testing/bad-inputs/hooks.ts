import type { HookSample } from '@/lib/providers/port';

const samples = import.meta.glob<HookSample>('../../providers/*/webhook-sample.ts', {
  eager: true,
  import: 'sample',
});

/** What D1 and D2 are thrown at: every provider folder with a sample of its webhooks. */
export const HOOKS = Object.entries(samples).map(([file, sample]) => ({ id: file.split('/').at(-2) ?? '', sample }));
