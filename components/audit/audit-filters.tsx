import { X } from 'lucide-react';
import Form from 'next/form';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import { AUDIT_OUTCOMES, type AuditFilters as Filters } from '@/lib/audit/model/view';
import { OUTCOME_VIEW } from './audit-list';

/** A form of the address: works without a script, and a filtered log can be sent to somebody. */
export function AuditFilterForm({ values, day }: { values: Filters; day: { from: string; to: string } }) {
  const active = Object.values(values).some(Boolean);
  return (
    <search>
      <Form
        key={JSON.stringify(values)}
        action="/audit"
        className="grid grid-cols-2 items-end gap-x-3 gap-y-2 sm:flex sm:flex-wrap [&_label>span]:sr-only"
      >
        <Field label="Text" className="min-w-44 flex-1 max-sm:col-span-2 sm:max-w-64">
          <Input
            name="text"
            type="search"
            defaultValue={values.text}
            maxLength={120}
            placeholder="Words in the sentence"
          />
        </Field>
        <Field label="Who" className="sm:w-36">
          <Input name="actor" defaultValue={values.actor} maxLength={80} placeholder="Name" />
        </Field>
        <Field label="Action" className="sm:w-44">
          <Input name="action" defaultValue={values.action} maxLength={100} placeholder="deployment.request" />
        </Field>
        <Field label="Outcome" className="sm:w-32">
          <NativeSelect name="outcome" defaultValue={values.outcome ?? ''}>
            <option value="">Any</option>
            {AUDIT_OUTCOMES.map((outcome) => (
              <option key={outcome} value={outcome}>
                {OUTCOME_VIEW[outcome].label}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <Field label="From (UTC)" className="sm:w-38">
          <Input name="from" type="date" defaultValue={day.from} />
        </Field>
        <Field label="To (UTC)" className="sm:w-38">
          <Input name="to" type="date" defaultValue={day.to} />
        </Field>
        <Button type="submit">Filter</Button>
        {active ? (
          <ButtonLink href="/audit" variant="quiet" icon={<X aria-hidden />}>
            Clear
          </ButtonLink>
        ) : null}
      </Form>
    </search>
  );
}
