import { ArrowRight } from 'lucide-react';
import type { Metadata } from 'next';
import { buttonStyles } from '@/components/ui/button-styles';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { ExampleBoard } from './example-board';
import { siteLinks } from './site-links';

export const metadata: Metadata = { title: { absolute: 'AetherStack · release console' } };

const promises = [
  {
    title: 'One click, one run',
    text: 'The intent is written down before a provider is called. A double click, a lost answer or a restart does not start a second run.',
  },
  {
    title: 'States that say more than a colour',
    text: 'Since when, waiting for whom, until when. A button that cannot be pressed says why. Old data looks old.',
  },
  {
    title: 'A way back, seen beforehand',
    text: 'What is live, what it replaced and what going back would take stand beside every deployment, on a phone too.',
  },
] as const;

export default function LandingPage() {
  return (
    <div className="sm:pt-8">
      <h1 className="max-w-[22ch] text-balance text-3xl font-semibold tracking-[-0.025em] sm:text-[2.75rem] sm:leading-[1.1]">
        Everything you ship, released from one place.
      </h1>
      <p className="mt-4 max-w-[58ch] text-pretty text-lg text-ink-soft">
        AetherStack is a release console for a small team. It puts the backend, the editor extension, the dashboard and
        the docs live through the providers you already use, and shows what runs where.
      </p>
      <div className="mt-7 flex flex-wrap gap-2">
        <FirstStep />
      </div>
      <ExampleBoard className="mt-12 sm:mt-16" />
      <dl className="mt-12 grid gap-x-8 gap-y-7 sm:mt-16 md:grid-cols-3">
        {promises.map((promise) => (
          <div key={promise.title} className="border-t border-line-strong pt-3">
            <dt className="text-base font-semibold">{promise.title}</dt>
            <dd className="mt-1 text-pretty text-base text-ink-soft">{promise.text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function FirstStep() {
  const look = cn(buttonStyles({ variant: 'primary' }), 'h-9 px-4');
  if (!siteLinks.console)
    return (
      <Link href="/status" className={look}>
        See what is live
        <ArrowRight aria-hidden />
      </Link>
    );
  return (
    // A plain link on purpose: the console is loaded anew, under a content policy of its own.
    <a href={siteLinks.console} className={look}>
      Open the console
      <ArrowRight aria-hidden />
    </a>
  );
}
