import type { Tone } from '@/components/ui/tone';
import type { FileState } from '@/lib/blueprints/model/compare';

export const STATE_WORDS: Readonly<Record<FileState, { tone: Tone; word: string; sentence: string }>> = {
  missing: { tone: 'warn', word: 'Missing', sentence: 'It is not there yet.' },
  same: { tone: 'good', word: 'Up to date', sentence: 'It is just as it should be.' },
  older: { tone: 'busy', word: 'Older', sentence: 'The console made it, and nobody has changed it since.' },
  edited: { tone: 'bad', word: 'Edited', sentence: 'People have changed it. Writing it takes their changes away.' },
  differs: { tone: 'bad', word: 'Not ours', sentence: 'Somebody else made it. Writing it puts ours in its place.' },
};
