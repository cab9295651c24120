// Says every twenty seconds that somebody sits here, and learns who else does and whether they have saved.
import { fragment } from "../lib/fragment.js";

const EVERY = 20_000;

export default (element) => {
  const place = element.querySelector("[data-part='presence']");
  const url = element.dataset.presence;
  const about = (more) => new URLSearchParams({ csrf_token: element.elements.csrf_token.value, lock: element.elements.lock.value, ...more });

  const tell = async () => {
    if (document.visibilityState === "hidden") return;
    const told = await fragment(url, { method: "POST", body: about({}) });
    if (told === null) return; // Where the network is away, saving says so.
    place.innerHTML = told;
    const name = place.querySelector("[data-behind]")?.dataset.behind;
    if (name) element.dispatchEvent(new CustomEvent("draft:behind", { detail: name }));
  };

  tell();
  setInterval(tell, EVERY);
  document.addEventListener("visibilitychange", tell);
  addEventListener("pagehide", () => navigator.sendBeacon(url, about({ gone: "1" })));
};
