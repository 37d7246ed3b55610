interface Beat {
  timer: NodeJS.Timeout;
  all: Set<() => void>;
}

const beats = new Map<number, Beat>();

/**
 * Once every `ms`, at the same time for all of this process that ask for that: what a thousand of them ask in one moment can
 * be asked together. Returns how to stop. A caller's first time comes after at most `ms`.
 */
export function onBeat(ms: number, work: () => void): () => void {
  const beat = beats.get(ms) ?? begin(ms);
  beat.all.add(work);
  return () => {
    beat.all.delete(work);
    if (beat.all.size > 0 || beats.get(ms) !== beat) return;
    clearInterval(beat.timer);
    beats.delete(ms);
  };
}

function begin(ms: number): Beat {
  const all = new Set<() => void>();
  const timer = setInterval(() => {
    for (const work of all) work();
  }, ms);
  const beat = { timer, all };
  beats.set(ms, beat);
  return beat;
}
