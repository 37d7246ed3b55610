import { Badge } from '@/components/ui/badge';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { CopyButton } from '@/components/ui/copy-button';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Facts, Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Sha } from '@/components/ui/sha';
import { formatBytes } from '@/components/ui/size-format';
import { ToneBadge } from '@/components/ui/tone';
import type { Finding } from '@/lib/extensions/model/package';
import type { PackageDetail } from '@/lib/extensions/model/view';
import { AgainButton, type MakeAgain } from './again-button';
import { ContentsPanel } from './contents-panel';
import { DifferencePanel } from './difference-panel';
import { ScanBadge } from './scan-badge';

interface PackageScreenProps {
  view: PackageDetail;
  again: MakeAgain;
  /** Why the person may not make it again; null = they may. */
  disabledReason: string | null;
}

/** One package: what was found in it, what changed since the version that is live, and what it has in it. */
export function PackageScreen({ view, again, disabledReason }: PackageScreenProps) {
  const called = `${view.publisher}.${view.name}`;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs items={[{ label: 'Extensions', href: '/extensions' }, { label: `${called} ${view.version}` }]} />
        }
        title={<bdi>{`${view.displayName ?? view.name} ${view.version}`}</bdi>}
        description={view.description}
        actions={
          view.scan === 'passed' ? (
            <>
              <AgainButton view={view} again={again} disabledReason={disabledReason} />
              <ButtonLink variant="primary" href={`/extensions/packages/${view.id}/publish`}>
                Publish…
              </ButtonLink>
            </>
          ) : null
        }
        marks={
          <>
            <ScanBadge scan={view.scan} warnings={view.warnings} />
            {view.prerelease ? <Badge>pre-release</Badge> : null}
            <Badge>{view.targetPlatform}</Badge>
          </>
        }
      />
      <div className="grid gap-5 *:min-w-0">
        {view.scan === 'passed' ? null : (
          <Notice
            tone={view.scan === 'refused' ? 'bad' : 'warn'}
            title={
              view.scan === 'refused'
                ? 'It cannot be published, and its bytes were not kept.'
                : 'It was not looked through to its end, so it cannot be published. Upload it again.'
            }
          >
            What stands below is what was seen of it.
          </Notice>
        )}
        <FindingsPanel findings={view.findings} />
        <DifferencePanel view={view} />
        <ContentsPanel contents={view.contents} />
        <FactsPanel view={view} />
      </div>
    </>
  );
}

const TONES = { refuse: 'bad', warn: 'warn', note: 'neutral' } as const;
const WORDS = { refuse: 'Refuses it', warn: 'Warning', note: 'Note' } as const;

function FindingsPanel({ findings }: { findings: readonly Finding[] }) {
  return (
    <Panel
      title="What was found"
      description="Every file was read once, in memory. Nothing was run or unpacked to a disk."
    >
      {findings.length === 0 ? (
        <p className="text-sm text-ink-soft">Nothing to look at.</p>
      ) : (
        <ul className="grid gap-2 text-sm">
          {findings.map(({ code, sentence, path, level }) => (
            <li key={`${code} ${path}`} className="grid gap-x-3 gap-y-0.5 sm:grid-cols-[7rem_minmax(0,1fr)]">
              <span>
                <ToneBadge tone={TONES[level]} plain>
                  {WORDS[level]}
                </ToneBadge>
              </span>
              <span className="min-w-0">
                {sentence}
                {path ? (
                  <span className="block text-xs text-ink-faint">
                    <Mono className="wrap-anywhere">{path}</Mono>
                  </span>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function FactsPanel({ view }: { view: PackageDetail }) {
  const { source } = view;
  const from = source.kind === 'run' ? 'Built by a run' : source.kind === 'republish' ? 'Made again' : 'Uploaded';
  return (
    <Panel title="Where it comes from">
      <Facts
        items={[
          { name: 'Extension', value: <Mono>{`${view.publisher}.${view.name}`}</Mono> },
          {
            name: 'SHA-256',
            value: (
              <span className="inline-flex items-center gap-1">
                <Mono className="wrap-anywhere">{view.id}</Mono>
                <CopyButton value={view.id} label="Copy the digest" />
              </span>
            ),
          },
          { name: 'Size', value: `${formatBytes(view.size)}, ${formatBytes(view.contents.unpacked)} unpacked` },
          { name: 'Engine', value: <Mono>{view.engine}</Mono> },
          { name: 'Licence', value: view.license ?? 'none is named' },
          {
            name: from,
            value: (
              <>
                by {source.by}, <RelativeTime at={view.uploadedAt} />
                {source.deploymentId ? (
                  <>
                    {' · '}
                    <Link href={`/deployments/${source.deploymentId}`} className="underline">
                      the deployment
                    </Link>
                  </>
                ) : null}
                {source.from ? (
                  <>
                    {' from '}
                    <Link href={`/extensions/packages/${view.id}?against=${source.from}`} className="underline">
                      an older package
                    </Link>
                    {', with another number'}
                  </>
                ) : null}
                {source.sha ? (
                  <>
                    {' from commit '}
                    <Sha value={source.sha} />
                  </>
                ) : null}
              </>
            ),
          },
        ]}
      />
    </Panel>
  );
}
