/** What it brings about besides, each in a sentence. Nothing where there is none. */
export function SideEffects({ sentences }: { sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <ul className="grid list-disc gap-1 pl-5 text-sm text-ink-soft">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
