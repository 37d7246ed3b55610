'use client';

import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { sentenceOf } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Code, Mono } from '@/components/ui/code';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import { type Tone, ToneIcon } from '@/components/ui/tone';
import type { DeployForm } from '@/lib/providers/port';
import type { TargetCheck } from '@/lib/targets/model/view';
import type { TargetCheckState } from './use-target-check';

interface CheckPanelProps {
  state: TargetCheckState;
  /** A whole file that has everything, for when there is none to mend. */
  example: string | null;
}

/** What the provider says about these settings: what is fine, what is missing, and what to add. */
export function CheckPanel({ state, example }: CheckPanelProps) {
  return (
    <Panel
      title="Check"
      description="What these settings lead to, read at the provider."
      actions={
        <Button
          size="sm"
          icon={<RefreshCw aria-hidden />}
          pending={state.asking}
          disabledReason={state.complete ? null : 'Fill in the settings first.'}
          onClick={state.again}
        >
          Check
        </Button>
      }
    >
      <Body state={state} example={example} />
    </Panel>
  );
}

function Body({ state, example }: CheckPanelProps) {
  if (!state.complete)
    return <p className="text-sm text-ink-soft">It is read as soon as the connection and its settings are chosen.</p>;
  if (state.error) return <Notice tone="bad" live title={sentenceOf(state.error)} />;
  if (!state.check) {
    return (
      <Loading label="Reading at the provider">
        <SkeletonText lines={4} />
      </Loading>
    );
  }
  return <Result check={state.check} example={example} />;
}

function Result({ check, example }: { check: TargetCheck; example: string | null }) {
  const { problem, form, revision } = check;
  if (problem) {
    return (
      <div className="grid gap-3 *:min-w-0">
        <Notice tone="bad" live title={problem.sentence} />
        {revision && example ? <Example text={example} /> : null}
      </div>
    );
  }
  if (!form)
    return (
      <p className="flex gap-2 text-sm">
        <ToneIcon tone="good" className="mt-0.5 size-4" /> These settings can be deployed.
      </p>
    );
  return <FormReport form={form} refName={revision?.ref ?? ''} />;
}

function FormReport({ form, refName }: { form: DeployForm; refName: string }) {
  const advice = form.advice ?? [];
  const told = new Set(advice.map((each) => each.sentence));
  return (
    <div role="status" aria-label="Result of the check">
      <ul className="grid gap-3 text-sm *:min-w-0">
        <Line tone="good">
          <a href={form.source.url} target="_blank" rel="noreferrer" className="underline-offset-3 hover:underline">
            <Mono>{form.source.path}</Mono>
          </a>{' '}
          on <Mono>{refName}</Mono> can be started, {inputsInWords(form.fields.length)}.
        </Line>
        {advice.map((each) => (
          <Line key={each.sentence} tone={each.fine ? 'good' : 'warn'} snippet={each.snippet}>
            {each.sentence}
          </Line>
        ))}
        {form.warnings
          .filter((warning) => !told.has(warning))
          .map((warning) => (
            <Line key={warning} tone="warn">
              {warning}
            </Line>
          ))}
      </ul>
    </div>
  );
}

function inputsInWords(count: number): string {
  if (count === 0) return 'and asks for nothing';
  return `and asks for ${count} ${count === 1 ? 'input' : 'inputs'}`;
}

const SAID = { good: 'Fine: ', warn: 'To mend: ' } as const satisfies Partial<Record<Tone, string>>;

interface LineProps {
  tone: 'good' | 'warn';
  /** What to add to the file. */
  snippet?: string | null;
  children: ReactNode;
}

function Line({ tone, snippet, children }: LineProps) {
  return (
    <li className="flex items-start gap-2">
      <ToneIcon tone={tone} className="mt-0.5 size-4" />
      <div className="grid min-w-0 flex-1 gap-2 *:min-w-0">
        <p className="break-words">
          <span className="sr-only">{SAID[tone]}</span>
          {children}
        </p>
        {snippet ? <Code label="What to add to the file">{snippet}</Code> : null}
      </div>
    </li>
  );
}

function Example({ text }: { text: string }) {
  return (
    <details className="text-sm">
      <summary className="cursor-pointer rounded-sm text-ink-soft hover:text-ink">A file that has everything</summary>
      <Code label="Example file" className="mt-2">
        {text}
      </Code>
    </details>
  );
}
