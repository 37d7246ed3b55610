import { Checkbox } from '@/components/ui/choice';
import { Mono } from '@/components/ui/code';
import { ToneBadge } from '@/components/ui/tone';
import type { FileComparison } from '@/lib/blueprints/model/compare';
import { DiffLines } from './diff-lines';
import { STATE_WORDS } from './state-words';

interface FileListProps {
  files: readonly FileComparison[];
  chosen: ReadonlySet<string>;
  onChoose: (path: string, wanted: boolean) => void;
}

const RECORD = 'It comes along with the others, because it says how they were made.';

/** Each file with how it stands, what writing it would do, and whether it is to be written. */
export function FileList({ files, chosen, onChoose }: FileListProps) {
  return (
    <ul className="divide-y divide-line">
      {files.map((file) => (
        <li key={file.path} className="grid grid-cols-[minmax(0,1fr)] gap-2 px-4 py-2.5">
          <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
            {file.state === 'same' ? (
              <Mono className="text-sm">{file.path}</Mono>
            ) : (
              <Checkbox
                label={<Mono>{file.path}</Mono>}
                hint={file.blueprint === 'record' ? RECORD : STATE_WORDS[file.state].sentence}
                disabled={file.blueprint === 'record'}
                checked={chosen.has(file.path)}
                onChange={(event) => onChoose(file.path, event.target.checked)}
              />
            )}
            <ToneBadge tone={STATE_WORDS[file.state].tone}>{STATE_WORDS[file.state].word}</ToneBadge>
          </div>
          {file.diff === '' ? null : (
            <details>
              <summary className="cursor-pointer text-sm text-accent">
                What would change<span className="sr-only"> in {file.path}</span>
              </summary>
              <div className="mt-2">
                <DiffLines text={file.diff} label={`What would change in ${file.path}`} />
              </div>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
