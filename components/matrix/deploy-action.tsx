'use client';

import { Rocket, Snowflake } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import type { ButtonLook } from '@/components/ui/button-styles';
import type { Allowed } from '@/lib/deployments/model/view';

interface DeployActionProps {
  targetId: string;
  /** "Backend to Production": read out, because a page has many of these buttons. */
  what: string;
  gate: Allowed;
  /** A freeze alone refuses, and the reader may let one through it. */
  mayOverride: boolean;
  variant?: ButtonLook['variant'];
  size?: ButtonLook['size'];
}

/** Opens the composer for one target, also in a freeze for who may let one through; when that is not possible it says why. */
export function DeployAction({ targetId, what, gate, mayOverride, ...look }: DeployActionProps) {
  const { variant = 'secondary', size = 'sm' } = look;
  const label = `Deploy ${what}`;
  const why = gate.refusal?.sentence ?? 'This target cannot be deployed now.';
  if (!gate.allowed && !mayOverride) {
    return (
      <Button
        size={size}
        variant={variant}
        aria-label={label}
        icon={<Rocket aria-hidden />}
        disabledReason={why}
        className="relative"
      >
        Deploy
      </Button>
    );
  }
  return (
    <ButtonLink
      href={`/deploy/${targetId}`}
      size={size}
      variant={variant}
      aria-label={gate.allowed ? label : `Deploy in freeze: ${what}`}
      title={gate.allowed ? undefined : `${why} The next page asks for it.`}
      icon={gate.allowed ? <Rocket aria-hidden /> : <Snowflake aria-hidden />}
      className="relative"
    >
      {gate.allowed ? 'Deploy' : 'Deploy in freeze'}
    </ButtonLink>
  );
}
