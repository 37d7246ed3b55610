'use client';

import { PackageOpen } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { useVerb } from './use-verb';
import type { DeploymentVerbs, TakenPackages } from './verbs';

interface TakePackageProps {
  deployment: Pick<DeploymentDetail, 'id' | 'provider' | 'actions'>;
  take: DeploymentVerbs['takePackage'];
}

const WORDS = {
  passed: '',
  refused: ', refused by its inspection',
  unknown: ', not looked through',
  pending: '',
} as const;

/** The package that this run has built: taken in from where the provider keeps it, its digest compared. */
export function TakePackage({ deployment, take }: TakePackageProps) {
  const verb = useVerb(take);
  const [taken, setTaken] = useState<TakenPackages['packages']>([]);
  const { id, provider } = deployment;

  async function press() {
    const done = await verb.run({ deploymentId: id });
    if (done) setTaken(done.packages);
  }

  return (
    <Notice
      tone={verb.refusal ? 'warn' : 'neutral'}
      live
      title={taken.length > 0 ? 'The package of this run is here.' : 'This run may have built a package.'}
      action={
        taken.length === 0 ? (
          <Button size="sm" pending={verb.pending} icon={<PackageOpen aria-hidden />} onClick={press}>
            Take the package of this run
          </Button>
        ) : undefined
      }
    >
      {taken.length > 0 ? (
        <ul>
          {taken.map(({ packageId, version, targetPlatform, outcome, scan }) => (
            <li key={packageId}>
              <Link href={`/extensions/packages/${packageId}`} className="underline underline-offset-3">
                Version {version} for {targetPlatform === 'universal' ? 'all platforms' : targetPlatform}
              </Link>
              {outcome === 'already' ? ', which was here already' : ''}
              {WORDS[scan]}
            </li>
          ))}
        </ul>
      ) : (
        `It is fetched from ${provider.label}, compared with the digest that stands there, and looked through. Publishing it is another step.`
      )}
      {verb.refusal ? <p className="mt-1 text-bad">{verb.refusal.sentence}</p> : null}
    </Notice>
  );
}
