import { recall, remember } from "../lib/store.js";

// Keeps the ticks of an article on this device (data-key names article and version), shows "2 of 4 steps ticked" in
// data-words wherever [data-steps-count] stands, and gives the next step its halo. Hidden variants do not count.
export default (element) => {
  const key = `steps:${element.dataset.key}`;
  const ticks = [...element.querySelectorAll(".step-tick")];
  const kept = new Set(recall(key, []));
  const keep = () => remember(key, ticks.flatMap((tick, i) => (tick.checked ? [i] : [])));
  const early = ticks.some((tick, i) => tick.checked && !kept.has(i)); // ticked before this script was here
  ticks.forEach((tick, i) => kept.has(i) && (tick.checked = true));
  if (early) keep();

  const show = () => {
    const seen = ticks.filter((tick) => tick.offsetParent !== null);
    const done = seen.filter((tick) => tick.checked).length;
    const next = seen.find((tick) => !tick.checked);
    ticks.forEach((tick) => tick.closest(".step").classList.toggle("step-next", tick === next && done > 0));
    document.querySelectorAll("[data-steps-count]").forEach((place) => {
      place.hidden = seen.length === 0 || done === 0;
      const words = (element.dataset.words ?? "{done}/{all}").replace("{done}", done).replace("{all}", seen.length);
      (place.querySelector("span") ?? place).textContent = words;
    });
    document.querySelectorAll("input[name='ticked']").forEach((field) => (field.value = done));
  };

  element.addEventListener("change", (event) => {
    if (!event.target.matches(".step-tick")) return;
    keep();
    show();
  });
  document.addEventListener("platform:changed", show);
  show();
};
