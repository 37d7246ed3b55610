import { CircleDashed, PlugZap, ShieldCheck } from 'lucide-react';
import { type Tone, ToneBadge } from '@/components/ui/tone';

const STATES = {
  ok: { label: 'Working', tone: 'good', icon: ShieldCheck },
  failing: { label: 'Failing', tone: 'bad', icon: PlugZap },
  unchecked: { label: 'Not checked yet', tone: 'neutral', icon: CircleDashed },
} as const satisfies Record<string, { label: string; tone: Tone; icon: typeof PlugZap }>;

/** How a connection stands: icon, word, colour. */
export function ConnectionState({ state, plain = false }: { state: keyof typeof STATES; plain?: boolean }) {
  const { label, tone, icon: Icon } = STATES[state];
  return (
    <ToneBadge tone={tone} plain={plain} icon={<Icon aria-hidden className="size-3.5 shrink-0" />}>
      {label}
    </ToneBadge>
  );
}
