import { SetupGuide } from '@/components/estate/setup-steps';

/** Before the first target there is nothing to show but the way there. */
export function MatrixEmpty() {
  return <SetupGuide />;
}
