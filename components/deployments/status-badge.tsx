import {
  Ban,
  Check,
  Clock,
  CloudOff,
  Hammer,
  Hand,
  Layers,
  type LucideIcon,
  Rocket,
  SearchCheck,
  Send,
  ThumbsDown,
  TimerOff,
  X,
} from 'lucide-react';
import { ToneBadge } from '@/components/ui/tone';
import { type DeploymentStatus, STATUS_VIEW, type StatusIcon } from '@/lib/deployments/model/status';

const ICONS = {
  hand: Hand,
  clock: Clock,
  send: Send,
  hammer: Hammer,
  rocket: Rocket,
  'search-check': SearchCheck,
  ban: Ban,
  check: Check,
  x: X,
  'cloud-off': CloudOff,
  'timer-off': TimerOff,
  layers: Layers,
  'thumbs-down': ThumbsDown,
} as const satisfies Record<StatusIcon, LucideIcon>;

interface StatusBadgeProps {
  status: DeploymentStatus;
  /** Without the wash, for dense rows. */
  plain?: boolean;
  className?: string;
}

/** How a deployment stands: icon, word and tone from the one table of the model. */
export function StatusBadge({ status, plain = false, className }: StatusBadgeProps) {
  const view = STATUS_VIEW[status];
  const Icon = ICONS[view.icon];
  return (
    <ToneBadge
      tone={view.tone}
      plain={plain}
      icon={<Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />}
      {...(className === undefined ? {} : { className })}
    >
      {view.label}
    </ToneBadge>
  );
}
