import { expect, test } from 'vitest';
import { memoryWorld } from '../conformance/harness';
import { manifest } from './manifest';
import { parseServiceStatus } from './service-status';
import { serveStatus } from './simulator/status-page';

const { url } = manifest.capabilities.serviceStatus;

test('an open incident is read from the simulated page, and nothing where there is none', async () => {
  const world = memoryWorld();
  const page = () => serveStatus(new Request(url), world).text();
  expect(parseServiceStatus(await page())).toMatchObject({ incidents: [], maintenance: [] });
  world.set({ incident: true });
  const text = await page();
  expect(parseServiceStatus(text).incidents).toMatchObject([
    { name: 'Builds are slow', impact: 'major', parts: ['Builds'], url: 'https://stspg.io/sandbox2' },
  ]);
  expect(parseServiceStatus(text.replaceAll('"investigating"', '"resolved"')).incidents).toEqual([]);
  expect(() => parseServiceStatus('<html>')).toThrow('Netlify’s status page said something that is not understood.');
});
