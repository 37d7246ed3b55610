'use client';

import { useState } from 'react';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import type { ComponentImage } from '@/lib/components/model/image-source';
import type { EstateView } from '@/lib/targets/model/view';
import { textOr } from './field-text';

interface ImageFieldsProps {
  stored: ComponentImage | null;
  /** Registries among the connections. */
  registries: EstateView['connections'];
  errors: Record<string, string>;
}

/** Where the images of a component are, and which inputs of its workflow take the chosen one. */
export function ImageFields({ stored, registries, errors }: ImageFieldsProps) {
  const [connectionId, choose] = useState(stored?.connectionId ?? '');
  if (registries.length === 0) return null;
  return (
    <>
      <Field
        label="Container images"
        error={errors['image.connectionId']}
        hint="Where the composer looks for images; only for components whose workflow takes one."
      >
        <NativeSelect name="imageConnection" value={connectionId} onChange={(event) => choose(event.target.value)}>
          <option value="">None</option>
          {registries.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {connectionId ? <SourceFields source={stored?.source ?? null} errors={errors} /> : null}
    </>
  );
}

function SourceFields({ source, errors }: { source: ComponentImage['source'] | null; errors: Record<string, string> }) {
  return (
    <>
      <Field
        label="Image repository"
        required
        error={errors['image.source.repository']}
        hint="Without host and tag, such as acme/backend."
      >
        <Plain name="imageRepository" value={source?.repository} max={255} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Input for the image"
          error={errors['image.source.imageInput']}
          hint="Gets host/repository@sha256:…"
        >
          <Plain name="imageInput" value={source ? (source.imageInput ?? '') : 'image'} />
        </Field>
        <Field label="Input for the digest" error={errors['image.source.digestInput']} hint="Gets sha256:… alone.">
          <Plain name="digestInput" value={source?.digestInput ?? ''} />
        </Field>
      </div>
      <Field
        label="Platform"
        error={errors['image.source.platform']}
        hint="What it runs on. An image without it is not deployed; empty takes any."
      >
        <Plain name="imagePlatform" value={source ? (source.platform ?? '') : 'linux/amd64'} />
      </Field>
    </>
  );
}

function Plain({ name, value, max = 100, ...control }: { name: string; value: string | undefined; max?: number }) {
  return (
    <Input
      {...control}
      name={name}
      defaultValue={value}
      maxLength={max}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      className="font-mono"
    />
  );
}

/** Left out where there was nothing to choose from, so that it stays as it is; null for none. */
export function imageFrom(form: FormData): { image?: ComponentImage | null } {
  const connectionId = form.get('imageConnection');
  if (connectionId === null) return {};
  if (connectionId === '') return { image: null };
  const source = {
    repository: String(form.get('imageRepository') ?? ''),
    imageInput: textOr(form.get('imageInput'), null),
    digestInput: textOr(form.get('digestInput'), null),
    platform: textOr(form.get('imagePlatform'), null),
  };
  return { image: { connectionId: String(connectionId), source } };
}
