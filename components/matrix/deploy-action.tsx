'use client';

import { Rocket } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import type { ButtonLook } from '@/components/ui/button-styles';
import type { Allowed } from '@/lib/deployments/model/view';

interface DeployActionProps {
  targetId: string;
  /** "Backend to Production": read out, because a page has many of these buttons. */
  what: string;
  gate: Allowed;
  variant?: ButtonLook['variant'];
  size?: ButtonLook['size'];
}

/** Opens the composer for one target; when that is not possible it says why. */
export function DeployAction({ targetId, what, gate, variant = 'secondary', size = 'sm' }: DeployActionProps) {
  const label = `Deploy ${what}`;
  if (!gate.allowed) {
    return (
      <Button
        size={size}
        variant={variant}
        aria-label={label}
        icon={<Rocket aria-hidden />}
        disabledReason={gate.refusal?.sentence ?? 'This target cannot be deployed now.'}
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
      aria-label={label}
      icon={<Rocket aria-hidden />}
      className="relative"
    >
      Deploy
    </ButtonLink>
  );
}
