'use client';

import { Search, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Input, NativeSelect } from '@/components/ui/input';
import { DEPLOYMENT_STATUSES, STATUS_VIEW } from '@/lib/deployments/model/status';

type Option = { slug: string; name: string };

interface DeploymentFiltersProps {
  values: { component?: string; environment?: string; status?: string; person?: string; q?: string };
  components: readonly Option[];
  environments: readonly Option[];
}

/** Filters live in the address, so a view can be sent to somebody and the back button works. */
export function DeploymentFilters({ values, components, environments }: DeploymentFiltersProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const active = Object.values(values).some(Boolean);

  function apply(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const params = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value === 'string' && value.trim() !== '') params.set(name, value.trim());
    }
    const text = params.toString();
    startTransition(() => router.push(text ? `/deployments?${text}` : '/deployments', { scroll: false }));
  }

  return (
    <search>
      {/* The key puts the fields back in step with the address on back and forward. */}
      <form
        key={JSON.stringify(values)}
        action="/deployments"
        onSubmit={apply}
        aria-busy={pending}
        className="grid grid-cols-2 items-center gap-2 sm:flex sm:flex-wrap"
      >
        <span className="relative min-w-48 flex-1 max-sm:col-span-2 sm:max-w-72">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-faint"
          />
          <Input
            name="q"
            type="search"
            defaultValue={values.q}
            maxLength={200}
            aria-label="Search by branch, commit, message or #number"
            placeholder="Branch, commit, message, #12"
            className="pl-8"
          />
        </span>
        <Choice name="component" label="Component" all="All components" value={values.component} options={components} />
        <Choice
          name="environment"
          label="Environment"
          all="All environments"
          value={values.environment}
          options={environments}
        />
        <Choice name="status" label="Status" all="Any status" value={values.status} options={STATUS_OPTIONS} />
        <Input
          name="person"
          defaultValue={values.person}
          maxLength={120}
          aria-label="Asked for by"
          placeholder="Person"
          className="sm:w-32"
        />
        <Button type="submit" pending={pending}>
          Filter
        </Button>
        {active ? (
          <ButtonLink href="/deployments" variant="quiet" icon={<X aria-hidden />}>
            Clear
          </ButtonLink>
        ) : null}
      </form>
    </search>
  );
}

const STATUS_OPTIONS: readonly Option[] = [
  { slug: 'active', name: 'In flight' },
  ...DEPLOYMENT_STATUSES.map((status) => ({ slug: status, name: STATUS_VIEW[status].label })),
];

interface ChoiceProps {
  name: string;
  label: string;
  all: string;
  value: string | undefined;
  options: readonly Option[];
}

function Choice({ name, label, all, value, options }: ChoiceProps) {
  return (
    <NativeSelect
      name={name}
      aria-label={label}
      defaultValue={value ?? ''}
      onChange={(event) => event.currentTarget.form?.requestSubmit()}
      className="sm:min-w-34"
    >
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option.slug} value={option.slug}>
          {option.name}
        </option>
      ))}
    </NativeSelect>
  );
}
