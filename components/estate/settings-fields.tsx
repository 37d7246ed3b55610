'use client';

import { Badge } from '@/components/ui/badge';
import { Checkbox } from '@/components/ui/choice';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { InputValue, Repository, WorkflowFile } from '@/lib/providers/port';
import type { SettingField } from '@/lib/targets/model/settings-form';
import { PickerField } from './picker-field';

interface SettingsFieldsProps {
  fields: readonly SettingField[];
  values: Record<string, InputValue>;
  errors: Record<string, string>;
  connectionId: string;
  onChange: (changes: Record<string, InputValue>) => void;
}

/** The provider's settings of a target, apart from fixed inputs. */
export function SettingsFields(props: SettingsFieldsProps) {
  return props.fields
    .filter((field) => field.kind !== 'inputs')
    .map((field) => <Setting key={field.name} field={field} {...props} />);
}

function Setting({ field, ...props }: SettingsFieldsProps & { field: SettingField }) {
  const { values, errors, onChange } = props;
  const value = values[field.name] ?? '';
  const error = errors[`config.${field.name}`];
  if (field.kind === 'repository') return <RepositoryField field={field} {...props} />;
  if (field.kind === 'workflow') return <WorkflowField field={field} {...props} />;
  if (field.kind === 'switch')
    return (
      <Checkbox
        label={field.label}
        error={error}
        checked={value === true}
        onChange={(event) => onChange({ [field.name]: event.target.checked })}
      />
    );
  return (
    <Field label={field.label} required={field.required} error={error}>
      <Input
        name={field.name}
        value={String(value)}
        inputMode={field.kind === 'number' ? 'decimal' : undefined}
        onChange={(event) => onChange({ [field.name]: event.target.value })}
        maxLength={255}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className={field.kind === 'ref' ? 'font-mono' : undefined}
      />
    </Field>
  );
}

type OneSetting = SettingsFieldsProps & { field: SettingField };

function listPath(connectionId: string, rest: string): string {
  return `/api/v1/connections/${encodeURIComponent(connectionId)}/${rest}`;
}

function RepositoryField({ field, fields, values, errors, connectionId, onChange }: OneSetting) {
  const ref = fields.find((each) => each.kind === 'ref')?.name;
  return (
    <PickerField<Repository>
      label={field.label}
      error={errors[`config.${field.name}`]}
      value={String(values[field.name] ?? '')}
      placeholder="Choose a repository"
      path={connectionId ? listPath(connectionId, 'repositories') : null}
      choiceOf={(row) => ({
        id: row.fullName,
        description: `default branch ${row.defaultBranch}`,
        detail: row.private ? 'private' : 'public',
      })}
      onChoose={(id, row) =>
        onChange({ [field.name]: id, ...(ref ? { [ref]: row?.defaultBranch ?? (values[ref] || 'main') } : {}) })
      }
      disabledReason={connectionId ? null : 'Choose a connection first.'}
    />
  );
}

function WorkflowField({ field, fields, values, errors, connectionId, onChange }: OneSetting) {
  const place = fields.find((each) => each.kind === 'repository')?.name ?? '';
  const repository = String(values[place] ?? '');
  return (
    <PickerField<WorkflowFile>
      label={field.label}
      error={errors[`config.${field.name}`]}
      value={String(values[field.name] ?? '')}
      placeholder="Choose a workflow"
      path={
        connectionId && repository ? listPath(connectionId, `workflows?${new URLSearchParams({ repository })}`) : null
      }
      choiceOf={(row) => ({
        id: row.path,
        description: row.name,
        detail: row.state === 'active' ? undefined : <Badge>{row.state.replaceAll('_', ' ')}</Badge>,
      })}
      onChoose={(id) => onChange({ [field.name]: id })}
      disabledReason={repository ? null : 'Choose a repository first.'}
    />
  );
}
