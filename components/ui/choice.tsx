import { type ComponentProps, type ReactNode, useId } from 'react';
import { cn } from './cn';
import { FieldError } from './field';

interface ChoiceProps extends Omit<ComponentProps<'input'>, 'type' | 'size'> {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null | undefined;
}

function ChoiceRow({
  label,
  hint,
  error,
  className,
  id,
  kind,
  look,
  ...rest
}: ChoiceProps & { kind: 'checkbox' | 'switch' | 'radio'; look: string }) {
  const made = useId();
  const control = id ?? made;
  const described = [hint ? `${control}-hint` : null, error ? `${control}-error` : null].filter(Boolean).join(' ');
  return (
    <div className={cn('flex items-start gap-2.5 py-0.5 pointer-coarse:py-3', className)}>
      <input
        {...rest}
        id={control}
        type={kind === 'switch' ? 'checkbox' : kind}
        role={kind === 'switch' ? 'switch' : undefined}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        className={look}
      />
      <div className="grid min-w-0 gap-0.5">
        {/* All of the row's height answers to a finger. */}
        <label htmlFor={control} className="text-sm pointer-coarse:-my-3 pointer-coarse:py-3">
          {label}
        </label>
        {hint ? (
          <p id={`${control}-hint`} className="text-xs text-ink-faint">
            {hint}
          </p>
        ) : null}
        {error ? <FieldError id={`${control}-error`}>{error}</FieldError> : null}
      </div>
    </div>
  );
}

const mark = 'mt-0.5 size-4 shrink-0 accent-accent';

/** A native checkbox with its label; posts with the form. */
export function Checkbox(props: ChoiceProps) {
  return <ChoiceRow {...props} kind="checkbox" look={mark} />;
}

const track = [
  'relative mt-0.5 h-4.5 w-8 shrink-0 appearance-none rounded-full border border-control bg-raised transition-colors',
  'before:absolute before:top-1/2 before:left-0.5 before:size-3 before:-translate-y-1/2 before:rounded-full before:bg-ink-soft before:transition-transform',
  'checked:border-accent checked:bg-accent checked:before:translate-x-3.5 checked:before:bg-accent-ink disabled:opacity-50',
].join(' ');

/** On or off at once; for a choice that waits for a submit use Checkbox. */
export function Switch(props: ChoiceProps) {
  return <ChoiceRow {...props} kind="switch" look={track} />;
}

interface RadioGroupProps {
  legend: ReactNode;
  name: string;
  options: { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean }[];
  value?: string;
  defaultValue?: string;
  onValueChange?: (value: string) => void;
  error?: string | null | undefined;
  required?: boolean;
  className?: string;
}

export function RadioGroup({
  legend,
  name,
  options,
  value,
  defaultValue,
  onValueChange,
  error,
  required,
  className,
}: RadioGroupProps) {
  const controlled = value !== undefined;
  return (
    <fieldset className={cn('grid gap-1', className)}>
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {options.map((option) => (
        <ChoiceRow
          key={option.value}
          kind="radio"
          look={mark}
          name={name}
          value={option.value}
          label={option.label}
          hint={option.hint}
          disabled={option.disabled}
          required={required}
          {...(controlled ? { checked: option.value === value } : { defaultChecked: option.value === defaultValue })}
          onChange={() => onValueChange?.(option.value)}
        />
      ))}
      {error ? <FieldError>{error}</FieldError> : null}
    </fieldset>
  );
}
