// Tells how long the article was on the screen, once, when it is left. Time in a hidden tab does not count.
export default (element) => {
  const url = element.dataset.readUrl;
  const token = document.querySelector("meta[name='csrf-token']")?.content;
  let since = document.visibilityState === "visible" ? performance.now() : null;
  let total = 0;

  const pause = () => {
    if (since !== null) total += performance.now() - since;
    since = null;
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") since = performance.now();
    else pause();
  });
  addEventListener("pagehide", () => {
    pause();
    const seconds = Math.round(total / 1000);
    total = 0;
    if (seconds < 1 || !url) return;
    navigator.sendBeacon(url, new URLSearchParams({ seconds, csrf_token: token ?? "" }));
  });
};
