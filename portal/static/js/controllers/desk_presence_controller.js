// Says every fifteen seconds that somebody has this ticket open and whether they write, and learns who else does.
const EVERY = 15_000;

export default (element) => {
  const { url, lock } = element.dataset;
  const token = () => document.querySelector("meta[name='csrf-token']").content;
  const writes = () => [...document.querySelectorAll("form[data-writes] textarea")].some((place) => place.value.trim() && place.value !== place.defaultValue);
  const about = (more) => new URLSearchParams({ csrf_token: token(), lock, ...more });
  let wrote = false;

  const tell = async () => {
    if (document.visibilityState === "hidden") return;
    wrote = writes();
    try {
      const answer = await fetch(url, { method: "POST", body: about(wrote ? { writing: "1" } : {}), headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const text = await answer.text();
      if (element.innerHTML.trim() !== text.trim()) element.innerHTML = text;
    } catch {
      return; // The network is away; sending says so.
    }
  };

  tell();
  setInterval(tell, EVERY);
  document.addEventListener("input", () => !wrote && writes() && tell());
  document.addEventListener("visibilitychange", tell);
  addEventListener("pagehide", () => navigator.sendBeacon(url, about({ gone: "1" })));
};
