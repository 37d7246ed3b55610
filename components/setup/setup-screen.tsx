'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Mono } from '@/components/ui/code';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import { Panel } from '@/components/ui/panel';
import { safeToWrite } from '@/lib/blueprints/model/safe-to-write';
import type { Inspection, SetUpInput, SetupPlace, SetupView } from '@/lib/blueprints/model/setup';
import type { Action } from '@/lib/kernel/result';
import { FileList } from './file-list';
import { NeedsList } from './needs-list';
import { SettingsPanel } from './settings-panel';

type SetUp = Action<SetUpInput, { url: string; updated: boolean }>;

/** What a repository should have against what it has, and one button that proposes the difference. */
export function SetupScreen({ view, setUp }: { view: SetupView; setUp: SetUp }) {
  const { place, inspection, problem } = view;
  if (!place) {
    return (
      <Panel>
        <EmptyState title="There is no repository to look at">{problem?.sentence}</EmptyState>
      </Panel>
    );
  }
  return (
    <div className="grid gap-5 *:min-w-0">
      {problem?.code === 'blueprint_settings' ? (
        <Notice live tone="bad" title="These settings cannot be used: see what is said beside the fields." />
      ) : null}
      {problem && problem.code !== 'blueprint_settings' ? <Notice tone="bad" title={problem.sentence} /> : null}
      {inspection ? (
        <Files key={inspection.shown} view={view} place={place} inspection={inspection} setUp={setUp} />
      ) : null}
      {inspection && inspection.leftOver.length > 0 ? <LeftOver paths={inspection.leftOver} /> : null}
      {inspection && inspection.needs.length > 0 ? <Needs needs={inspection.needs} /> : null}
      <SettingsPanel view={view} />
    </div>
  );
}

interface FilesProps {
  view: SetupView;
  place: SetupPlace;
  inspection: Inspection;
  setUp: SetUp;
}

function Files({ view, place, inspection, setUp }: FilesProps) {
  const { files, open, word, base, at } = inspection;
  const [chosen, setChosen] = useState(() => new Set(files.filter(safeToWrite).map(({ path }) => path)));
  const { run, pending, refusal } = useAction(setUp);

  function choose(path: string, wanted: boolean) {
    const next = new Set(chosen);
    if (wanted) next.add(path);
    else next.delete(path);
    setChosen(next);
  }

  async function write() {
    const { connectionId, repository } = place;
    const { slug } = view.component;
    const done = await run({
      slug,
      connectionId,
      repository,
      settings: view.settings,
      shown: inspection.shown,
      paths: [...chosen],
    });
    if (done.ok) notify({ tone: 'good', title: done.value.updated ? `Updated the ${word}` : `Opened a ${word}` });
  }

  // The record alone is worth a commit only when nothing else is left to do.
  const others = files.filter(({ state, blueprint }) => state !== 'same' && blueprint !== 'record');
  const idle = chosen.size === 0 || (others.length > 0 && !others.some(({ path }) => chosen.has(path)));
  const nothing = files.every(({ state }) => state === 'same')
    ? 'Everything is there, just as it should be.'
    : 'Choose at least one file.';
  return (
    <Panel
      title={<span className="wrap-anywhere">Files in {place.repository}</span>}
      description={
        <>
          At <Mono>{at.slice(0, 7)}</Mono> of <Mono>{open?.branch ?? base}</Mono>
        </>
      }
      body="flush"
      actions={
        <Button variant="primary" pending={pending} disabledReason={idle ? nothing : null} onClick={write}>
          {open ? `Add to the ${word}` : `Open a ${word}`}
        </Button>
      }
    >
      <div className="grid gap-2 empty:hidden">
        {refusal ? <Notice live tone="bad" title={refusal.sentence} className="m-3" /> : null}
        {open ? (
          <Notice
            tone="busy"
            title={`A ${word} is open`}
            className="m-3"
            action={
              <a className="text-accent underline" href={open.url} target="_blank" rel="noreferrer">
                Look at it
              </a>
            }
          >
            The files are shown as they are in it; what you write becomes one more commit.
          </Notice>
        ) : null}
      </div>
      <FileList files={files} chosen={chosen} onChoose={choose} />
    </Panel>
  );
}

function LeftOver({ paths }: { paths: readonly string[] }) {
  return (
    <Panel
      title="No longer generated"
      description="Earlier settings called for these files; these do not. Delete them yourself when nothing needs them."
    >
      <ul className="grid gap-1.5 text-sm wrap-anywhere">
        {paths.map((path) => (
          <li key={path}>
            <Mono>{path}</Mono>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Needs({ needs }: { needs: Inspection['needs'] }) {
  return (
    <Panel
      title={
        needs.every(({ without }) => without !== undefined)
          ? 'What they can be told'
          : 'What has to exist before they work'
      }
      description="Their values stay where they are; the console does not read them here."
    >
      <NeedsList needs={needs} />
    </Panel>
  );
}
