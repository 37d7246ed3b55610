'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { Action } from '@/lib/kernel/result';
import type { Proposal } from '@/lib/publications/model/retirement';

export type SetUp = Action<
  { slug: string; connectionId: string; repository: string; settings: string; shown: string; paths: string[] },
  { url: string; updated: boolean }
>;

/** Opens the proposal with exactly the files that stand beside it; what changed since is refused, and nothing is merged. */
export function MigrateButton({ slug, proposal, setUp }: { slug: string; proposal: Proposal; setUp: SetUp }) {
  const opening = useAction(setUp);
  const [url, setUrl] = useState(proposal.openUrl);
  const { connectionId, repository, settings, shown, word, files } = proposal;

  async function press() {
    const paths = files.map(({ path }) => path);
    const done = await opening.run({ slug, connectionId, repository, settings, shown, paths });
    if (done.ok) setUrl(done.value.url);
  }

  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          variant="primary"
          pending={opening.pending}
          disabledReason={files.length === 0 ? 'These files are there already, just as they should be.' : null}
          onClick={press}
        >
          {proposal.openUrl ? `Add to the ${word}` : `Open the ${word}`}
        </Button>
        {url ? (
          <a href={url} target="_blank" rel="noreferrer" className="text-sm text-accent underline">
            Look at the {word}
          </a>
        ) : null}
      </div>
      {opening.refusal ? <Notice tone="bad" live title={opening.refusal.sentence} /> : null}
      {url && url !== proposal.openUrl ? (
        <Notice tone="good" live title={`The ${word} is open. Nothing is published that way before it is merged.`} />
      ) : null}
    </div>
  );
}
