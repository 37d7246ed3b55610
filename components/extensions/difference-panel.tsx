'use client';

import { Minus, Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Mono } from '@/components/ui/code';
import { Field } from '@/components/ui/field';
import { NativeSelect } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { formatBytes } from '@/components/ui/size-format';
import { comparedWords, uncomparedWords } from '@/lib/extensions/model/compared-words';
import type { ListChange, PackageDetail, PackageDifference } from '@/lib/extensions/model/view';

/** What changed since the version that is live, or since any other that is kept. */
export function DifferencePanel({ view }: { view: PackageDetail }) {
  const { against, difference, others } = view;
  const router = useRouter();
  return (
    <Panel
      title="What changed"
      description={against ? `Since ${comparedWords(against)}` : undefined}
      actions={
        others.length > 0 ? (
          <Field label="Compare with" filter className="min-w-40">
            <NativeSelect
              value={against?.id ?? ''}
              onChange={(event) =>
                router.push(
                  `/extensions/packages/${view.id}${event.target.value ? `?against=${event.target.value}` : ''}`,
                )
              }
            >
              {against ? null : <option value="">choose a version</option>}
              {others.map((other) => (
                <option key={other.id} value={other.id}>
                  {other.version} {other.targetPlatform === 'universal' ? '' : other.targetPlatform} (
                  {other.id.slice(0, 7)})
                </option>
              ))}
            </NativeSelect>
          </Field>
        ) : undefined
      }
    >
      {difference ? (
        <Changes difference={difference} />
      ) : (
        <p className="text-sm text-ink-soft">{uncomparedWords(view.prerelease, others.length)}</p>
      )}
    </Panel>
  );
}

function Changes({ difference }: { difference: PackageDifference }) {
  const { size, engine, prerelease, targetPlatform, folders, files } = difference;
  const grown = size.to - size.from;
  const facts = [
    engine ? `Engine ${engine.from} → ${engine.to}` : null,
    targetPlatform ? `Platform ${targetPlatform.from} → ${targetPlatform.to}` : null,
    prerelease ? (prerelease.to ? 'It is a pre-release now' : 'It is no pre-release any more') : null,
    `${formatBytes(size.to)}, ${grown === 0 ? 'as large as before' : `${formatBytes(Math.abs(grown))} ${grown > 0 ? 'more' : 'less'}`}`,
    ...folders
      .slice(0, 8)
      .map(
        ({ path, from, to }) => `${path === '.' ? 'In no folder' : path}: ${formatBytes(from)} → ${formatBytes(to)}`,
      ),
  ].filter((each) => each !== null);
  const changed = files.changed.length > 0 ? `${files.changed.length} files with other content` : null;
  return (
    <div className="grid gap-4 text-sm">
      <ul className="grid gap-0.5">
        {[...facts, ...(changed ? [changed] : [])].map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <Lists difference={difference} />
      {files.more > 0 ? <p className="text-xs text-ink-faint">{files.more} more files are not named here.</p> : null}
    </div>
  );
}

function Lists({ difference }: { difference: PackageDifference }) {
  const lists: [string, ListChange][] = [
    ['Starts on', difference.activationEvents],
    ['Commands', difference.commands],
    ['Contributes', difference.contributes],
    ['Needs', difference.dependencies],
    ['Proposed APIs', difference.proposedApi],
    ['Capabilities', difference.capabilities],
    ['Files', difference.files],
  ];
  const contents = difference.files.changed;
  const changed = lists.filter(([, { added, removed }]) => added.length + removed.length > 0);
  if (changed.length === 0 && contents.length === 0)
    return <p className="text-ink-soft">It starts on the same, has the same commands, dependencies and files.</p>;
  return (
    <dl className="grid gap-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
      {changed.map(([name, { added, removed }]) => (
        <div key={name} className="grid gap-1 sm:col-span-2 sm:grid-cols-subgrid">
          <dt className="text-ink-faint">{name}</dt>
          <dd>
            <ul className="grid gap-0.5">
              {added.map((word) => (
                <Line key={`+${word}`} word={word} added />
              ))}
              {removed.map((word) => (
                <Line key={`-${word}`} word={word} added={false} />
              ))}
            </ul>
          </dd>
        </div>
      ))}
      {contents.length > 0 ? (
        <div className="grid gap-1 sm:col-span-2 sm:grid-cols-subgrid">
          <dt className="text-ink-faint">Other content</dt>
          <dd>
            <ul className="grid gap-0.5">
              {contents.map((path) => (
                <li key={path}>
                  <Mono className="wrap-anywhere">{path}</Mono>
                </li>
              ))}
            </ul>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function Line({ word, added }: { word: string; added: boolean }) {
  const Mark = added ? Plus : Minus;
  return (
    <li className="flex items-start gap-1.5">
      <Mark aria-hidden className={added ? 'mt-1 size-3.5 shrink-0 text-good' : 'mt-1 size-3.5 shrink-0 text-bad'} />
      <span className="sr-only">{added ? 'added' : 'removed'}</span>
      <Mono className="min-w-0 wrap-anywhere">{word}</Mono>
    </li>
  );
}
