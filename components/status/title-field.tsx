import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

/** The title of an incident or of maintenance, which everybody reads. */
export function TitleField({ title, error }: { title: string | undefined; error: string | undefined }) {
  return (
    <Field label="Title" required hint="Everybody reads it. No names, hosts or secrets." error={error}>
      <Input name="title" defaultValue={title ?? ''} maxLength={120} autoComplete="off" />
    </Field>
  );
}
