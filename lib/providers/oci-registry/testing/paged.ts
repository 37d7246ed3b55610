/**
 * Cuts a registry's list of tags into pages of two, as newer registries do; 2.8.2 gives all at once. The path of its `Link`
 * is another repository's, which a client must not follow.
 */
export function byTwo(inner: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const answer = await inner(request, { redirect: 'manual' });
    if (!url.pathname.endsWith('/tags/list') || !answer.ok) return answer;
    const all: string[] = (await answer.json()).tags.sort();
    const from = all.indexOf(url.searchParams.get('last') ?? '') + 1;
    const tags = all.slice(from, from + 2);
    const headers = new Headers();
    if (from + 2 < all.length) headers.set('link', `</v2/elsewhere/tags/list?n=2&last=${tags[1]}>; rel="next"`);
    return Response.json({ tags }, { headers });
  };
}
