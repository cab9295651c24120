import { recall } from "../lib/store.js";

// Which steps of an article were ticked lies on this device alone. For each article that goes along, adds how many were,
// as a chip that can be removed like the others.
export default (element) => {
  const pattern = element.querySelector("template")?.content.firstElementChild;
  const list = element.querySelector(".trail");
  const known = new Set([...list.querySelectorAll("input[name='ticked']")].map((one) => one.value.split(":")[0]));
  for (const item of [...list.querySelectorAll("[data-steps-key]")]) {
    const { stepsKey, article, nSteps } = item.dataset;
    const done = recall(`steps:${stepsKey}`, []).filter((n) => n < Number(nSteps)).length;
    if (!pattern || !done || known.has(article)) continue;
    known.add(article);
    const chip = pattern.cloneNode(true);
    const words = done === 1 ? element.dataset.one : element.dataset.many.replace("{n}", done);
    const tick = chip.querySelector("input");
    chip.querySelector("span").textContent = words;
    tick.value = `${article}:${done}`;
    tick.setAttribute("aria-label", element.dataset.along.replace("{what}", words));
    item.after(chip);
  }
};
