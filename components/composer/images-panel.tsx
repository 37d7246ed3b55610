'use client';

import { sentenceOf } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { RadioGroup } from '@/components/ui/choice';
import { Mono } from '@/components/ui/code';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import type { RunningImage } from '@/lib/deployments/model/images';
import type { ComposerStart } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';
import { ImageFacts, ImageName } from './image-line';
import { ImageNotes } from './image-notes';
import type { useComposer } from './use-composer';
import { useImages } from './use-images';

interface ImagesPanelProps {
  targetId: string;
  source: NonNullable<ComposerStart['image']>;
  composer: Pick<ReturnType<typeof useComposer>, 'plan' | 'values' | 'setValue' | 'choose'>;
}

/** The images that are really there; the chosen one goes to the workflow by its digest. */
export function ImagesPanel({ targetId, source, composer }: ImagesPanelProps) {
  const images = useImages(targetId, source, composer);
  const { first } = images;
  const through = first?.source?.connection.name;
  return (
    <Panel
      title="Image"
      description={
        <>
          from <Mono className="break-all">{source.repository}</Mono>
          {through ? `, through ${through}` : null}
        </>
      }
    >
      <div className="grid gap-4">
        {first ? (
          <RunningElsewhere running={first.running} digest={images.digest} images={images} composer={composer} />
        ) : null}
        <Shelf images={images} sha={composer.plan?.revision.sha} />
        <ImageNotes
          row={images.standing}
          moved={images.moved}
          undeclared={images.undeclared}
          plan={composer.plan}
          onRevision={composer.choose}
        />
      </div>
    </Panel>
  );
}

type Images = ReturnType<typeof useImages>;

interface RunningProps {
  running: readonly RunningImage[];
  digest: string | null;
  images: Images;
  composer: ImagesPanelProps['composer'];
}

/** Promotion: the very digest that runs in another environment, with the commit that was deployed there. */
function RunningElsewhere({ running, digest, images, composer }: RunningProps) {
  if (running.length === 0) return null;
  return (
    <ul className="grid gap-2" aria-label="What runs elsewhere">
      {running.map((each) => {
        const name = withLabel(each.environment.name, each.label);
        const { image } = each;
        return (
          <li
            key={each.deployment.id}
            className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-raised px-3 py-2 text-sm"
          >
            <span className="grid min-w-0 flex-1 basis-60 gap-0.5">
              <span className="text-xs text-ink-faint">
                {name} runs, since #{each.deployment.number}
              </span>
              {image ? (
                <ImageName row={{ ...image, liveIn: [] }} />
              ) : (
                <Mono className="break-all">{each.digest.slice(0, 19)}</Mono>
              )}
            </span>
            <Button
              size="sm"
              disabledReason={each.refusal ?? (each.digest === digest ? 'This one is chosen.' : null)}
              onClick={() => {
                if (!image) return;
                images.take(image);
                composer.choose(each.revision);
              }}
            >
              Take what runs in {name}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

function Shelf({ images, sha }: { images: Images; sha: string | undefined }) {
  const { found, first, rows } = images;
  if (!first && !found.error) {
    return (
      <Loading label="Reading the images">
        <SkeletonText lines={5} />
      </Loading>
    );
  }
  const trouble = first?.trouble?.sentence ?? (found.error ? sentenceOf(found.error) : null);
  return (
    <div className="grid gap-3">
      <Field label="Search the tags" filter>
        <Input
          type="search"
          value={images.query}
          onChange={(event) => images.setQuery(event.target.value)}
          maxLength={128}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      {trouble ? <Trouble sentence={trouble} onRetry={() => void found.refetch()} /> : null}
      {!trouble && rows.length === 0 ? (
        <p className="text-sm text-ink-soft">
          {images.query ? 'No tag contains that.' : 'Nothing was pushed there yet.'}
        </p>
      ) : null}
      {rows.length > 0 ? (
        <RadioGroup
          legend={`${first?.total ?? rows.length} ${first?.total === 1 ? 'tag' : 'tags'}${first?.cut ? ', and more that were not read' : ''}`}
          name="image-choice"
          value={images.digest ?? ''}
          onValueChange={(digest) => {
            const row = rows.find((each) => each.digest === digest);
            if (row) images.take(row);
          }}
          options={rows.map((row) => ({
            value: row.digest,
            label: <ImageName row={row} />,
            hint: <ImageFacts row={row} sha={sha} />,
            disabled: row.refusal !== null,
          }))}
        />
      ) : null}
      {found.hasNextPage ? (
        <Button
          size="sm"
          className="justify-self-start"
          pending={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
      <Unreadable pages={found.data?.pages ?? []} />
    </div>
  );
}

function Trouble({ sentence, onRetry }: { sentence: string; onRetry: () => void }) {
  return (
    <Notice
      tone="warn"
      live
      title={sentence}
      action={
        <Button size="sm" onClick={onRetry}>
          Ask again
        </Button>
      }
    >
      An image whose digest you know can still be written into the input below.
    </Notice>
  );
}

function Unreadable({ pages }: { pages: readonly { unreadable: { tag: string; sentence: string }[] }[] }) {
  const all = pages.flatMap((page) => page.unreadable);
  if (all.length === 0) return null;
  return (
    <ul className="grid gap-0.5 text-xs text-ink-faint">
      {all.map(({ tag, sentence }) => (
        <li key={tag} className="break-words">
          {tag}: {sentence}
        </li>
      ))}
    </ul>
  );
}
