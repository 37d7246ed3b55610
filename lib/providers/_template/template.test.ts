import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld } from '../conformance/harness';
import { conformance } from '../conformance/suite';
import { provider } from './adapter';
import { createTemplateSimulator } from './simulator';

const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;

async function harness(): Promise<Harness> {
  const world = memoryWorld();
  const simulator = createTemplateSimulator(world);
  return {
    world,
    fetch: breaking((input, init) => simulator.handle(new Request(input, init))),
    target: { project: 'website' },
    ref: 'main',
    revision: { ref: 'main', refKind: 'branch', sha: 'a'.repeat(40) },
    inputs: {},
    credentials: { good: token('good-token'), refused: token('expired-token'), weak: token('weak-token') },
    isMutation: (request) => request.method === 'POST',
    markers: () => world.facts().map((fact) => String(fact.data.label)),
    garbled: (inner) => async (input, init) => {
      const answer = await inner(input, init);
      return new Response((await answer.text()).replace(/"state":"\w+"/, '"state":"teleporting"'));
    },
  };
}

conformance(provider, harness);
