import { Bot, CircleUser, KeyRound, type LucideIcon, UserX, Webhook } from 'lucide-react';
import { Code, Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { formatUtc } from '@/components/ui/time-format';
import { type Tone, ToneBadge } from '@/components/ui/tone';
import type { AuditOutcome, AuditView } from '@/lib/audit/model/view';

export const OUTCOME_VIEW = {
  done: { label: 'Done', tone: 'good' },
  refused: { label: 'Refused', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
} as const satisfies Record<AuditOutcome, { label: string; tone: Tone }>;

const ACTORS = {
  user: { icon: CircleUser, word: 'person, in the browser' },
  system: { icon: Bot, word: 'the engine' },
  webhook: { icon: Webhook, word: 'provider, by webhook' },
  token: { icon: KeyRound, word: 'API token' },
  anonymous: { icon: UserX, word: 'not signed in' },
} as const satisfies Record<AuditView['actor']['kind'], { icon: LucideIcon; word: string }>;

/** Who did what to which thing, newest first; each line opens. Needs no script. */
export function AuditList({ rows }: { rows: readonly AuditView[] }) {
  return (
    <ol aria-label="Audit log, newest first" className="divide-y divide-line">
      {rows.map((row) => (
        <li key={row.id}>
          <details className="group">
            <summary className="grid list-none gap-x-4 gap-y-1 px-4 py-2.5 text-sm -outline-offset-2 hover:bg-raised/60 md:grid-cols-[7rem_10rem_6rem_minmax(0,1fr)] md:items-baseline [&::-webkit-details-marker]:hidden">
              <AuditLine row={row} />
            </summary>
            <AuditFacts row={row} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function AuditLine({ row }: { row: AuditView }) {
  const { icon: Icon, word } = ACTORS[row.actor.kind];
  const outcome = OUTCOME_VIEW[row.outcome];
  return (
    <>
      <RelativeTime at={row.at} className="text-xs text-ink-faint" />
      <span className="flex min-w-0 items-center gap-1.5 font-medium">
        <Icon aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        <span className="truncate">{row.actor.name}</span>
        <span className="sr-only">({word})</span>
      </span>
      <ToneBadge tone={outcome.tone} plain>
        {outcome.label}
      </ToneBadge>
      <span className="min-w-0 text-pretty break-words">
        {row.sentence}
        <span className="ml-2 whitespace-nowrap font-mono text-xs text-ink-faint">{row.action}</span>
      </span>
    </>
  );
}

function hrefOf(resource: AuditView['resource']): string | null {
  if (resource.id === null) return null;
  if (resource.kind === 'deployment') return `/deployments/${resource.id}`;
  if (resource.kind === 'connection') return `/connections/${resource.id}`;
  if (resource.kind === 'target') return `/deploy/${resource.id}`;
  return null;
}

function AuditFacts({ row }: { row: AuditView }) {
  const href = hrefOf(row.resource);
  const thing = `${row.resource.kind}${row.resource.id ? ` ${row.resource.id}` : ''}`;
  const { before, after, ...rest } = row.data;
  const changed = before !== undefined || after !== undefined;
  return (
    <div className="grid gap-3 border-t border-line bg-raised/40 px-4 py-3 text-xs md:grid-cols-2">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] content-start gap-x-4 gap-y-1">
        <Fact name="Line">
          {row.line === null ? 'not in the chain: it was put in past the console' : row.line.toLocaleString('en')}
        </Fact>
        <Fact name="When">
          <time dateTime={row.at}>{formatUtc(new Date(row.at).getTime())}</time>
        </Fact>
        <Fact name="About">
          {href ? (
            <Link href={href} className="rounded-sm underline underline-offset-3">
              {thing}
            </Link>
          ) : (
            thing
          )}
        </Fact>
        <Fact name="Environment">{row.environment ?? 'none'}</Fact>
        <Fact name="By">{ACTORS[row.actor.kind].word}</Fact>
        <Fact name="Address">{row.ip ?? 'not known'}</Fact>
        <Fact name="Request">
          <Mono>{row.requestId ?? 'none'}</Mono>
        </Fact>
        {row.code ? (
          <Fact name="Code">
            <Mono>{row.code}</Mono>
          </Fact>
        ) : null}
      </dl>
      <div className="grid min-w-0 content-start gap-2">
        {changed ? <Change before={before} after={after} /> : null}
        {Object.keys(rest).length > 0 ? <Code label="Details">{JSON.stringify(rest, null, 2)}</Code> : null}
      </div>
    </div>
  );
}

/** One value as people read it: a word as it is, anything else as JSON. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Change({ before, after }: { before: unknown; after: unknown }) {
  return (
    <p className="min-w-0 break-words">
      <span className="text-ink-faint">Changed: </span>
      <Mono>{shown(before)}</Mono>
      <span aria-hidden> → </span>
      <span className="sr-only"> to </span>
      <Mono>{shown(after)}</Mono>
    </p>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
