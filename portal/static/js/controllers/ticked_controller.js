import { recall } from "../lib/store.js";

// Which steps of an article were ticked lies on this device alone. For each article that goes along, adds how many were,
// as a chip that can be removed like the others.
export default (element) => {
  const pattern = element.querySelector("template")?.content.firstElementChild;
  const list = element.querySelector(".trail");
  const known = new Set([...list.querySelectorAll("input[name='ticked']")].map((one) => one.value.split(":")[0]));
  for (const item of [...list.querySelectorAll("[data-steps-key]")]) {
    const { stepsKey, article, nSteps } = item.dataset;
    const all = Number(nSteps);
    const done = recall(`steps:${stepsKey}`, []).filter((n) => n < all).length;
    if (!pattern || !done || known.has(article)) continue;
    known.add(article);
    const chip = pattern.cloneNode(true);
    const words = element.dataset.words.replace("{done}", done).replace("{all}", all);
    const tick = chip.querySelector("input");
    chip.querySelector("span").textContent = words;
    tick.value = `${article}:${done}:${all}`;
    tick.setAttribute("aria-label", element.dataset.along.replace("{what}", words));
    item.after(chip);
  }
};
