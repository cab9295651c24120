// Keeps what is typed into the fields named in data-fields within this window, under data-keeps, until it was sent: a
// reload, a way back, a sign-in in between lose nothing. words_sent_controller.js forgets it once it has arrived.
import { tab } from "../lib/store.js";

export default (form) => {
  const key = form.dataset.keeps;
  const fields = form.dataset.fields.split(" ").map((name) => form.elements[name]).filter(Boolean);
  const place = form.querySelector("[data-part='kept']");
  let timer;

  const keep = () => {
    const words = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    if (!fields.some((field) => field.value.trim())) tab.forget(key);
    else if (!tab.remember(key, words)) return;
    if (place) {
      place.hidden = false;
      place.textContent = form.dataset.kept;
    }
  };

  const kept = tab.recall(key);
  // What the server or the address put there counts more than what was typed before.
  if (kept && fields.every((field) => !field.value)) {
    fields.forEach((field) => (field.value = kept[field.name] ?? ""));
    fields[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.addEventListener("input", (event) => {
    if (!fields.includes(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  });
  addEventListener("pagehide", () => timer && keep());
};
