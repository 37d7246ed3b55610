import { Badge } from '@/components/ui/badge';
import { type RemoteRulesView, ruleWords } from '@/lib/gates/model/remote-rules';

/** Each environment at the provider in words, and which of them a run takes. */
export function RuleList({ view }: { view: RemoteRulesView }) {
  const named = view.uses.flatMap((use) => (use.kind === 'named' ? [use.name.toLowerCase()] : []));
  const inputs = view.uses.flatMap((use) => (use.kind === 'input' ? [use.input] : []));
  if (view.environments.length === 0)
    return <p className="text-sm text-ink-soft">The repository has none, so nothing is asked for there.</p>;
  return (
    <>
      <ul className="grid gap-2 text-sm">
        {view.environments.map((each) => (
          <li key={each.name} className="grid gap-0.5">
            <span className="flex flex-wrap items-center gap-2">
              <a
                href={each.url}
                target="_blank"
                rel="noreferrer"
                className="font-medium wrap-anywhere underline decoration-line-strong underline-offset-3"
              >
                {each.name}
              </a>
              {named.includes(each.name.toLowerCase()) ? <Badge variant="accent">runs here</Badge> : null}
            </span>
            <span className="text-ink-soft wrap-anywhere">{ruleWords(each).join(' ')}</span>
          </li>
        ))}
      </ul>
      {inputs.length > 0 ? (
        <p className="mt-3 text-xs text-ink-faint">
          Which of them a run takes is said by the input {inputs.map((name) => `“${name}”`).join(', ')}.
        </p>
      ) : null}
    </>
  );
}
