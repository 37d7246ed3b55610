import { Field } from '@/components/ui/field';
import { Input, NativeSelect, Textarea } from '@/components/ui/input';
import type { Policy } from '@/lib/gates/model/policy';
import type { EstateEnvironment } from '@/lib/targets/model/view';
import { errorOf, linesOf, numberFrom } from './field-text';

const USUAL_CONFIRM_MINUTES = 3;

const CHECKS = [
  { value: 'ignore', label: 'Do not look at them' },
  { value: 'not_failing', label: 'None may have failed' },
  { value: 'success', label: 'All must have succeeded' },
] as const;

/** What the form holds, as the policy has it; numbers that are none are for the schema to refuse. */
export function policyFrom(form: FormData): Policy {
  const after = String(form.get('afterEnvironmentId') ?? '');
  return {
    approvals: numberFrom(form.get('approvals')),
    approvalHours: numberFrom(form.get('approvalHours')),
    checks: CHECKS.find(({ value }) => value === form.get('checks'))?.value ?? 'ignore',
    ...namesFrom(form),
    afterEnvironmentId: after || null,
    soakMinutes: numberFrom(form.get('soakMinutes')),
    ...(form.get('soakHealthy') === 'yes' ? { soakHealthy: true as const } : {}),
    ...rollBackFrom(form),
    checklist: linesOf(String(form.get('checklist') ?? '')),
  };
}

function namesFrom(form: FormData): Pick<Policy, 'requiredChecks'> {
  const requiredChecks = linesOf(String(form.get('requiredChecks') ?? ''));
  return requiredChecks.length > 0 ? { requiredChecks } : {};
}

function rollBackFrom(form: FormData): Pick<Policy, 'rollBackWhenWorse'> {
  const how = form.get('rollBackWhenWorse');
  if (how !== 'yes' && how !== 'through') return {};
  const confirmMinutes = numberFrom(form.get('confirmMinutes'));
  return {
    rollBackWhenWorse: { confirmMinutes, ...(how === 'through' ? { throughFreeze: true as const } : {}) },
  };
}

interface PolicyFieldsProps {
  policy: Policy;
  /** Which environments may come before it. */
  others: readonly Pick<EstateEnvironment, 'id' | 'name'>[];
  errors: Record<string, string>;
}

function People({ policy, errors }: Pick<PolicyFieldsProps, 'policy' | 'errors'>) {
  return (
    <div className="grid gap-3 *:min-w-0 sm:grid-cols-2">
      <Field
        label="Approvals"
        required
        className="content-start"
        error={errorOf(errors, 'policy.approvals')}
        hint="How many people other than the one who asks. 0 asks nobody."
      >
        <Input name="approvals" inputMode="numeric" autoComplete="off" defaultValue={policy.approvals} />
      </Field>
      <Field
        label="Waits for them, hours"
        required
        className="content-start"
        error={errorOf(errors, 'policy.approvalHours')}
        hint="Then the request ends by itself."
      >
        <Input name="approvalHours" inputMode="numeric" autoComplete="off" defaultValue={policy.approvalHours} />
      </Field>
    </div>
  );
}

function Checks({ policy, errors }: Pick<PolicyFieldsProps, 'policy' | 'errors'>) {
  return (
    <div className="grid gap-3 *:min-w-0 sm:grid-cols-2">
      <Field
        label="Checks of the commit"
        required
        className="content-start"
        error={errorOf(errors, 'policy.checks')}
        hint="Roll-backs and re-runs of failed jobs are exempt."
      >
        <NativeSelect name="checks" defaultValue={policy.checks}>
          {CHECKS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
      </Field>
      <Field
        label="Which of them"
        className="content-start"
        error={errorOf(errors, 'policy.requiredChecks')}
        hint="One name a line, as the provider shows it. A named one that was skipped, or came out neutral, has not passed. Empty: all of them count."
      >
        <Textarea name="requiredChecks" rows={2} defaultValue={policy.requiredChecks?.join('\n') ?? ''} />
      </Field>
    </div>
  );
}

function Order({ policy, others, errors }: PolicyFieldsProps) {
  return (
    <div className="grid gap-3 *:min-w-0 sm:grid-cols-2">
      <Field
        label="First in"
        required
        className="content-start"
        error={errorOf(errors, 'policy.afterEnvironmentId')}
        hint="The same commit must be live and verified there before. Roll-backs are exempt."
      >
        <NativeSelect name="afterEnvironmentId" defaultValue={policy.afterEnvironmentId ?? ''}>
          <option value="">No other environment</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </NativeSelect>
      </Field>
      <Field
        label="Soak time there, minutes"
        required
        className="content-start"
        error={errorOf(errors, 'policy.soakMinutes')}
        hint="How long it must have been live there."
      >
        <Input name="soakMinutes" inputMode="numeric" autoComplete="off" defaultValue={policy.soakMinutes} />
      </Field>
      <Field
        label="Health there"
        required
        className="content-start"
        error={errorOf(errors, 'policy.soakHealthy')}
        hint="Its verdict has to say healthy; inconclusive is not enough. Only for targets that are measured."
      >
        <NativeSelect name="soakHealthy" defaultValue={policy.soakHealthy ? 'yes' : 'no'}>
          <option value="no">Do not look at it</option>
          <option value="yes">Must have been judged healthy</option>
        </NativeSelect>
      </Field>
    </div>
  );
}

function GoingBack({ policy: { rollBackWhenWorse: asks }, errors }: Pick<PolicyFieldsProps, 'policy' | 'errors'>) {
  const how = asks?.throughFreeze ? 'through' : 'yes';
  return (
    <div className="grid gap-3 *:min-w-0 sm:grid-cols-2">
      <Field
        label="When it gets worse"
        required
        className="content-start"
        error={errors['policy.rollBackWhenWorse']}
        hint="By itself: to the newest that was judged healthy, through the same gates as yours. Only for targets that are measured."
      >
        <NativeSelect name="rollBackWhenWorse" defaultValue={asks ? how : 'no'}>
          <option value="no">Suggest to roll back</option>
          <option value="yes">Roll back by itself</option>
          <option value="through">Roll back by itself, in a freeze too</option>
        </NativeSelect>
      </Field>
      <Field
        label="Worse for, minutes"
        required
        className="content-start"
        error={errors['policy.rollBackWhenWorse.confirmMinutes']}
        hint="So long each look has to find it worse before it goes back by itself."
      >
        <Input
          name="confirmMinutes"
          inputMode="numeric"
          autoComplete="off"
          defaultValue={asks?.confirmMinutes ?? USUAL_CONFIRM_MINUTES}
        />
      </Field>
    </div>
  );
}

/** What a deployment needs before it goes live in an environment. */
export function PolicyFields({ policy, others, errors }: PolicyFieldsProps) {
  return (
    <>
      <People policy={policy} errors={errors} />
      <Checks policy={policy} errors={errors} />
      <Order policy={policy} others={others} errors={errors} />
      <GoingBack policy={policy} errors={errors} />
      <Field
        label="Checklist"
        error={errorOf(errors, 'policy.checklist')}
        hint="One item a line. Whoever asks has to tick every one."
      >
        <Textarea name="checklist" rows={4} defaultValue={policy.checklist.join('\n')} />
      </Field>
    </>
  );
}
