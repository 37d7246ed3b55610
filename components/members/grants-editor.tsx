'use client';

import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { FieldError } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import { newId } from '@/lib/kernel/ids';
import { type Grant, ROLES, type Role } from '@/lib/members/model/role';
import { ROLE_WORDS } from './role-words';

/** A grant with a key of its own, so that rows keep their fields while others come and go. */
export type DraftGrant = Grant & { key: string };

export function draftOf(grants: readonly Grant[]): DraftGrant[] {
  return grants.map((grant) => ({ ...grant, key: newId('g') }));
}

export function grantsOf(draft: readonly DraftGrant[]): Grant[] {
  return draft.map(({ role, environmentPattern }) => ({ role, environmentPattern }));
}

interface GrantsEditorProps {
  draft: readonly DraftGrant[];
  onChange: (draft: DraftGrant[]) => void;
  /** Slugs offered while typing. */
  environments: readonly string[];
  /** Errors as the action answers them: `grants.0.environmentPattern`. */
  errors: Record<string, string>;
}

/** Role by environment; what is not granted is not allowed. */
export function GrantsEditor({ draft, onChange, environments, errors }: GrantsEditorProps) {
  const listId = useId();
  const change = (key: string, next: Partial<Grant>) =>
    onChange(draft.map((row) => (row.key === key ? { ...row, ...next } : row)));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-medium">Roles</legend>
      {draft.length === 0 ? (
        <p className="text-sm text-ink-soft">No role: this person can sign in and see nothing.</p>
      ) : null}
      {draft.map((row, index) => (
        <GrantRow
          key={row.key}
          row={row}
          listId={listId}
          error={errors[`grants.${index}.environmentPattern`] ?? errors[`grants.${index}`]}
          onChange={(next) => change(row.key, next)}
          onRemove={() => onChange(draft.filter((each) => each.key !== row.key))}
        />
      ))}
      <datalist id={listId}>
        {['*', ...environments].map((slug) => (
          <option key={slug} value={slug} />
        ))}
      </datalist>
      {errors.grants ? <FieldError>{errors.grants}</FieldError> : null}
      <Button
        size="sm"
        icon={<Plus aria-hidden />}
        className="justify-self-start"
        onClick={() => onChange([...draft, { key: newId('g'), role: 'viewer', environmentPattern: '*' }])}
      >
        Add a role
      </Button>
      <p className="text-xs text-ink-faint">
        An environment by its short name; * stands for any run of characters, so * is all of them and preview-* those
        that begin with preview-.
      </p>
    </fieldset>
  );
}

interface GrantRowProps {
  row: DraftGrant;
  listId: string;
  error: string | undefined;
  onChange: (next: Partial<Grant>) => void;
  onRemove: () => void;
}

function GrantRow({ row, listId, error, onChange, onRemove }: GrantRowProps) {
  const { label, can } = ROLE_WORDS[row.role];
  return (
    <div className="grid gap-1">
      <div className="flex items-center gap-2">
        <NativeSelect
          aria-label="Role"
          value={row.role}
          onChange={(event) => onChange({ role: event.target.value as Role })}
          className="w-36 shrink-0"
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {ROLE_WORDS[role].label}
            </option>
          ))}
        </NativeSelect>
        <span className="text-sm text-ink-faint">on</span>
        <Input
          aria-label="Environment"
          aria-invalid={error ? true : undefined}
          list={listId}
          value={row.environmentPattern}
          onChange={(event) => onChange({ environmentPattern: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          className="min-w-0 flex-1 font-mono"
        />
        <IconButton
          label={`Remove ${label} on ${row.environmentPattern}`}
          size="sm"
          icon={<X aria-hidden />}
          onClick={onRemove}
        />
      </div>
      {error ? <FieldError>{error}</FieldError> : <p className="text-xs text-ink-faint">{can}</p>}
    </div>
  );
}
