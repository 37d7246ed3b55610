'use client';

import { Upload } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type DragEvent, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Notice } from '@/components/ui/notice';
import { ProgressBar } from '@/components/ui/progress-bar';
import { formatBytes } from '@/components/ui/size-format';
import { PACKAGE_LIMITS } from '@/lib/extensions/model/limits';
import { uploadFile } from './upload-file';

interface UploadPanelProps {
  /** Why this person may not; null when they may. */
  disabledReason: string | null;
}

type State = { at: 'rest' } | { at: 'sending'; name: string; part: number } | { at: 'refused'; sentence: string };

/** Drop a .vsix here, or choose one. What was taken in opens at once. */
export function UploadPanel({ disabledReason }: UploadPanelProps) {
  const [state, setState] = useState<State>({ at: 'rest' });
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const router = useRouter();
  const closed = disabledReason !== null || state.at === 'sending';

  async function send(file: File | undefined) {
    if (!file || closed) return;
    const wrong = problemOf(file);
    if (wrong) return setState({ at: 'refused', sentence: wrong });
    setState({ at: 'sending', name: file.name, part: 0 });
    const result = await uploadFile(file, ({ part }) => setState({ at: 'sending', name: file.name, part }));
    if (!result.ok) return setState({ at: 'refused', sentence: result.refusal.sentence });
    router.push(`/extensions/packages/${result.value.packageId}`);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  }

  return (
    <div className="grid gap-3">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first. */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(!closed);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cn(
          'flex flex-wrap items-center gap-3 rounded-lg border border-dashed border-line-strong px-4 py-4',
          over && 'border-accent bg-accent-wash',
        )}
      >
        <Button
          icon={<Upload aria-hidden />}
          disabledReason={disabledReason}
          pending={state.at === 'sending'}
          onClick={() => input.current?.click()}
        >
          Choose a .vsix
        </Button>
        <input
          ref={input}
          type="file"
          accept=".vsix"
          aria-label="Package to upload"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void send(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <p className="min-w-0 flex-1 basis-56 text-sm text-ink-soft">
          {state.at === 'sending'
            ? `${state.name}: ${state.part < 1 ? 'on its way' : 'being looked through'}`
            : 'Or drop it here. It is looked through before it is kept, and nothing is published by it.'}
        </p>
      </div>
      {state.at === 'sending' ? (
        <ProgressBar fraction={state.part} label={`Sending ${state.name}`} tone="busy" bare />
      ) : null}
      {state.at === 'refused' ? <Notice tone="bad" live title={state.sentence} /> : null}
    </div>
  );
}

function problemOf({ name, size }: File): string | null {
  if (!/\.vsix$/i.test(name)) return `${name} is no .vsix. Make one with: npx @vscode/vsce package`;
  if (size <= PACKAGE_LIMITS.upload) return null;
  return `${name} has ${formatBytes(size)}; a package may have 100 MB. Leave out what it does not need with .vscodeignore.`;
}
