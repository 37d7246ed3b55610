'use client';

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { fetchJson, sentenceOf } from '@/components/live/problem';
import { Combobox } from '@/components/ui/combobox';
import { FieldError } from '@/components/ui/field';

interface Choice {
  id: string;
  /** Under the name. */
  description?: string;
  detail?: ReactNode;
}

interface PickerFieldProps<T> {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  value: string;
  placeholder: string;
  /** Where the list is read; null while it is not known of what. */
  path: string | null;
  choiceOf: (row: T) => Choice;
  onChoose: (id: string, row: T | null) => void;
  disabledReason: string | null;
}

/** A setting chosen from what the provider lists, or written when it is not in the list. */
export function PickerField<T>(props: PickerFieldProps<T>) {
  const { label, hint, error, value, placeholder, path, choiceOf, onChoose, disabledReason } = props;
  const id = useId();
  const [query, setQuery] = useState('');
  const wanted = query.trim();
  const found = useQuery<T[]>({
    queryKey: ['estate', 'list', path],
    queryFn: ({ signal }) => fetchJson<T[]>(path ?? '', signal),
    enabled: path !== null,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const choices = (found.data ?? []).map((row) => ({ ...choiceOf(row), row }));
  const matching = choices.filter((each) =>
    `${each.id} ${each.description ?? ''}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  const items = matching.map(({ id: name, description, detail }) => ({ id: name, label: name, description, detail }));
  // Not before the list is there: choosing from it brings more along than the name.
  const written = wanted !== '' && !found.isLoading && !choices.some((each) => each.id === wanted);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      <span id={id} className="text-sm font-medium">
        {label}
      </span>
      <Combobox
        label={label}
        value={value || placeholder}
        items={written ? [...items, { id: wanted, label: `Use “${wanted}”`, description: 'as you wrote it' }] : items}
        query={query}
        onQueryChange={setQuery}
        selectedId={value}
        placeholder="Search, or write a name"
        loading={found.isFetching}
        emptyText={found.error ? sentenceOf(found.error) : 'The provider lists none. Write its name.'}
        footer={found.error && items.length === 0 ? sentenceOf(found.error) : undefined}
        disabledReason={disabledReason}
        onSelect={(item) => {
          onChoose(item.id, choices.find((each) => each.id === item.id)?.row ?? null);
          setQuery('');
        }}
      />
      {hint ? <p className="text-xs text-ink-faint">{hint}</p> : null}
      {error ? <FieldError>{error}</FieldError> : null}
    </div>
  );
}
