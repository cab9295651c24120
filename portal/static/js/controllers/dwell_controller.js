// Tells how long the article was on the screen, once, when it is left, and how many of the steps shown were ticked by
// then. Time in a hidden tab does not count.
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
    const steps = [...element.querySelectorAll(".step-tick")].filter((tick) => tick.offsetParent !== null);
    const ticked = steps.filter((tick) => tick.checked).length;
    const said = { seconds, ticked, n_steps: steps.length, csrf_token: token ?? "" };
    navigator.sendBeacon(url, new URLSearchParams(said));
  });
};
