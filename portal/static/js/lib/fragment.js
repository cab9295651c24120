// Asks for a piece of a page; null when the network is away, the server refuses, or nobody waits for it any more.
export async function fragment(url, options = {}) {
  try {
    const answer = await fetch(url, { ...options, headers: { "HX-Request": "true" } });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}
