import { askOutside, letGo, type Outside } from '@/lib/http/ask-outside';
import { readCapped } from '@/lib/http/read-body';
import { PROBE_BYTES, type Probe, type ProbeAnswer, readProbe, trouble } from '../model/probe';

/** Asks the deployed thing itself which version it is. Never throws: whatever goes wrong is trouble, which proves nothing. */
export async function askProbe(ctx: Outside, probe: Probe): Promise<ProbeAnswer> {
  const accept = 'application/json, text/plain;q=0.9';
  const heard = await askOutside(ctx, probe.url, { accept, read: (response) => read(probe, response) });
  if (heard.ok) return heard.value;
  return trouble(heard.refused === null ? `it ${heard.failed}` : lower(heard.refused));
}

async function read(probe: Probe, response: Response): Promise<ProbeAnswer> {
  if (!response.ok) {
    await letGo(response);
    return trouble(`it answered ${response.status}`);
  }
  const body = await readCapped(response, PROBE_BYTES);
  if (body.cut) return trouble(`its answer is larger than ${PROBE_BYTES / 1024} KB`);
  return readProbe(probe, new TextDecoder().decode(body.bytes));
}

function lower(sentence: string): string {
  return sentence.replace(/[.!]$/, '').replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
}
