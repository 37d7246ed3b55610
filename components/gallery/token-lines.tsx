import { Code } from '@/components/ui/code';
import { galleryLines } from '@/lib/gallery/model/lines';
import type { NewGalleryToken } from '@/lib/gallery/model/view';

/** The token, shown once, in the lines that are pasted where it is used. */
export function TokenLines({ made, origin }: { made: NewGalleryToken; origin: string }) {
  const lines = galleryLines(origin, made.token);
  return (
    <div className="grid gap-3 border-b border-line px-4 py-3">
      <p className="text-sm">“{made.name}” is made. Copy what you need now: it is shown only now and kept nowhere.</p>
      <Code label="Gallery token">{made.token}</Code>
      <p className="text-xs text-ink-faint">code-server, in its environment:</p>
      <Code label="Line for code-server">{lines.codeServer}</Code>
      <p className="text-xs text-ink-faint">VSCodium and other builds, in product.json:</p>
      <Code label="Lines for product.json">{lines.product}</Code>
      {made.scope === 'publish' ? (
        <>
          <p className="text-xs text-ink-faint">Publish a package, with the token in OVSX_PAT:</p>
          <Code label="Command to publish">{lines.publish}</Code>
        </>
      ) : null}
    </div>
  );
}
