import { describe, expect, test } from 'vitest';
import { serverOf } from './server-of';

const github = (origin: string) => serverOf({ providerId: 'github', origin });
const agent = (origin: string) => serverOf({ providerId: 'self-host', origin });

describe('one server, however its address was written', () => {
  test.each([
    'https://git.acme.example/',
    'https://git.acme.example/api/v3',
    'https://git.acme.example/api/v3/',
    'https://GIT.acme.example/API/v3',
    'https://git.acme.example:443/api/v3',
  ])('%s is an Enterprise server', (origin) => {
    expect(github(origin)).toBe(github('https://git.acme.example'));
  });

  test('another host, port, path or provider is another server', () => {
    const all = [
      ...[
        agent('https://run.acme.example'),
        agent('https://run.acme.example:7443'),
        agent('https://run.acme.example/a'),
      ],
      ...[
        agent('https://run.acme.example/b'),
        agent('https://run.acme.example/api/v3'),
        github('https://run.acme.example'),
      ],
      ...[github('https://run.acme.example/ghe/api/v3'), github('https://other.acme.example')],
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(agent('https://run.acme.example/a/')).toBe(agent('https://run.acme.example/a'));
    expect(github('https://run.acme.example/ghe')).toBe(github('https://run.acme.example/ghe/api/v3'));
  });

  test('what is no address is compared as it is', () => {
    expect(github('git.acme.example')).not.toBe(github('git.other.example'));
  });
});
