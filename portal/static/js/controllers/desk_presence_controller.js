// Says every fifteen seconds that somebody has this ticket open and whether they write, and learns who else does.
import { fragment } from "../lib/fragment.js";

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
    const told = await fragment(url, { method: "POST", body: about(wrote ? { writing: "1" } : {}) });
    // Where the network is away, sending says so.
    if (told !== null && element.innerHTML.trim() !== told.trim()) element.innerHTML = told;
  };

  tell();
  setInterval(tell, EVERY);
  document.addEventListener("input", () => !wrote && writes() && tell());
  document.addEventListener("visibilitychange", tell);
  addEventListener("pagehide", () => navigator.sendBeacon(url, about({ gone: "1" })));
};
