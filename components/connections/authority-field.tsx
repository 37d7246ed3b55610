import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';

interface AuthorityFieldProps {
  /** Where this provider keeps it; null where there is no one place. */
  foundAt: string | null;
  error: string | undefined;
  required?: boolean;
}

const WHAT = 'Only for a server whose certificate comes from an authority of your own: that authority’s certificate.';

/** Certificates are no secret; what is pasted is shown by name and date afterwards. */
export function AuthorityField({ foundAt, error, required = false }: AuthorityFieldProps) {
  return (
    <Field
      label="Certificate authority"
      required={required}
      hint={`${WHAT} ${foundAt ?? 'PEM, several below each other.'} No other is believed at this address then.`}
      error={error}
    >
      <Textarea
        name="authorities"
        rows={3}
        autoComplete="off"
        spellCheck={false}
        placeholder="-----BEGIN CERTIFICATE-----"
        className="font-mono text-xs"
      />
    </Field>
  );
}
