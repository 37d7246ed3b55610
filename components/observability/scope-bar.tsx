'use client';

import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { NativeSelect } from '@/components/ui/input';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { WINDOW_DAYS } from '@/lib/observability/model/dora';
import { addressOf } from './address';

type Named = { slug: string; name: string };

interface ScopeBarProps {
  /** `/health` or `/health/dora`. */
  path: string;
  values: Record<string, string | undefined>;
  choices: { components: readonly Named[]; environments: readonly (Named & { isProduction: boolean })[] };
}

const DAYS = WINDOW_DAYS.map((days) => ({ value: String(days), label: `${days} days` }));

/** What is looked at stands in the address, so a view can be sent to somebody and the way back works. */
export function ScopeBar({ path, values, choices }: ScopeBarProps) {
  const router = useRouter();
  const [pending, start] = useTransition();
  // The span that is looked at closer is one of these days.
  const go = (name: string, value: string) => {
    const named = name === 'days' ? { from: '', to: '' } : {};
    start(() => router.push(addressOf(path, { ...values, ...named, [name]: value }), { scroll: false }));
  };
  const component = values['component'] ?? '';
  const environment = values['environment'] ?? '';
  return (
    <search aria-busy={pending} className="flex flex-wrap items-center gap-2">
      <SegmentedControl
        label="How far back"
        value={values['days'] ?? '30'}
        onValueChange={(days) => go('days', days)}
        options={DAYS}
      />
      <NativeSelect
        aria-label="Component"
        value={component}
        onChange={(event) => go('component', event.target.value)}
        className="min-w-36 max-sm:flex-1"
      >
        <option value="">All components</option>
        {choices.components.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        aria-label="Environment"
        value={environment}
        onChange={(event) => go('environment', event.target.value)}
        className="min-w-36 max-sm:flex-1"
      >
        <option value="">Production</option>
        {choices.environments.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            Only {name}
          </option>
        ))}
      </NativeSelect>
    </search>
  );
}
