import { CopyButton } from './copy-button';
import { Sha } from './sha';

/** As `Sha`, with a button that puts the whole of it on the clipboard. */
export function CopiedSha({ value }: { value: string }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      <Sha value={value} />
      <CopyButton value={value} label={`Copy ${value}`} className="-my-1.5 size-6" />
    </span>
  );
}
