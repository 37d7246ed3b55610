'use client';

import { useState } from 'react';
import { Mono } from '@/components/ui/code';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { slugFrom } from './field-text';

interface NameFieldsProps {
  /** Null for a new one: only then the short name can be chosen. */
  stored: { name: string; slug: string } | null;
  errors: Record<string, string>;
  /** "production" or "web-app". */
  example: string;
}

/** Name and short name; the second follows the first until somebody writes it. */
export function NameFields({ stored, errors, example }: NameFieldsProps) {
  const [name, setName] = useState(stored?.name ?? '');
  const [slug, setSlug] = useState<string | null>(null);
  return (
    <>
      <Field
        label="Name"
        required
        error={errors.name}
        hint={
          stored ? (
            <>
              Its short name stays <Mono>{stored.slug}</Mono>: addresses and roles hold it.
            </>
          ) : undefined
        }
      >
        <Input
          name="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={80}
          autoComplete="off"
        />
      </Field>
      {stored ? null : (
        <Field
          label="Short name"
          required
          error={errors.slug}
          hint={`Stands in addresses and roles, and stays as it is made: ${example}.`}
        >
          <Input
            name="slug"
            value={slug ?? slugFrom(name)}
            onChange={(event) => setSlug(event.target.value)}
            maxLength={40}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        </Field>
      )}
    </>
  );
}
