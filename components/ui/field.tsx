import { CircleAlert } from 'lucide-react';
import { cloneElement, type ReactElement, type ReactNode, useId } from 'react';
import { cn } from './cn';

/** What Field hands to its control. */
interface ControlProps {
  id?: string;
  required?: boolean;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
}

interface FieldProps {
  label: ReactNode;
  /** What to enter, or what happens with it. */
  hint?: ReactNode;
  /** A sentence that says what to do. */
  error?: string | null | undefined;
  required?: boolean;
  /** One control: Input, Textarea, NativeSelect, or anything that takes `id` and the aria props. */
  children: ReactElement<ControlProps>;
  /** Right of the label, for example a link. */
  aside?: ReactNode;
  /** No "optional" beside the label: for filters, where everything is. */
  filter?: boolean;
  className?: string;
}

/** Label, control, hint and error, wired together for screen readers. */
export function Field({
  label,
  hint,
  error,
  required = false,
  children,
  aside,
  filter = false,
  className,
}: FieldProps) {
  const made = useId();
  const id = children.props.id ?? made;
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = [children.props['aria-describedby'], hint ? hintId : null, error ? errorId : null]
    .filter(Boolean)
    .join(' ');
  const control = cloneElement(children, {
    id,
    required: required || children.props.required,
    'aria-describedby': described || undefined,
    'aria-invalid': error ? true : undefined,
  });
  return (
    <div className={cn('grid gap-1.5', className)}>
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
          {required || filter ? null : <span className="ml-1.5 text-xs font-normal text-ink-faint">optional</span>}
        </label>
        {aside ? <div className="text-xs text-ink-faint">{aside}</div> : null}
      </div>
      {control}
      {hint ? (
        <p id={hintId} className="wrap-anywhere text-xs text-ink-faint">
          {hint}
        </p>
      ) : null}
      {error ? <FieldError id={errorId}>{error}</FieldError> : null}
    </div>
  );
}

/** The error line of a field or of a group. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="flex items-start gap-1.5 text-xs text-bad">
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}
