import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { ImageRow } from '@/lib/deployments/model/images';
import type { ComposerPlan } from '@/lib/deployments/model/view';
import type { ChosenRevision } from './revision';

interface ImageNotesProps {
  /** What stands in the inputs. */
  row: ImageRow | null;
  moved: readonly string[];
  undeclared: readonly string[];
  plan: ComposerPlan | null;
  onRevision: (revision: ChosenRevision) => void;
}

/** What to know about the chosen image before it is deployed. */
export function ImageNotes({ row, moved, undeclared, plan, onRevision }: ImageNotesProps) {
  const built = row?.revision?.sha;
  const chosen = plan?.revision;
  return (
    <>
      {undeclared.length > 0 ? (
        <Notice
          tone="warn"
          title={`The workflow declares no input ${undeclared.join(' and ')} at this revision, so the image cannot be passed on. Add it to the workflow, or correct the component’s settings.`}
        />
      ) : null}
      {moved.length > 0 ? (
        <Notice
          tone="neutral"
          live
          title={`${moved.join(', ')} ${moved.length === 1 ? 'leads' : 'lead'} to another image since you chose. What is deployed is the digest that you chose.`}
        />
      ) : null}
      {built && chosen?.sha && built !== chosen.sha ? (
        <Notice
          tone="warn"
          live
          title={`This image was built from ${built.slice(0, 7)}; the chosen commit is ${chosen.sha.slice(0, 7)}. The workflow runs at the chosen commit, with this image.`}
          action={
            <Button size="sm" onClick={() => onRevision({ ref: chosen.ref, refKind: chosen.refKind, sha: built })}>
              Choose its commit
            </Button>
          }
        />
      ) : null}
    </>
  );
}
