import { recall, remember } from "../lib/store.js";

// What every article binds, in one file, because a first visit pays for each file it loads: a controller for each name
// that is exported here.

const YEAR = 365 * 24 * 3600;

// Keeps the ticks of an article on this device (data-key names article and version), shows "2 of 4 steps ticked" in
// data-words wherever [data-steps-count] stands, and gives the next step its halo. Hidden variants do not count.
export const steps = (element) => {
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

// Tells how long the article was on the screen, once, when it is left, and how many of the steps shown were ticked by
// then. Time in a hidden tab does not count.
export const dwell = (element) => {
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

// Marks the heading one is reading, and folds the contents where they stand above the text.
export const toc = (element) => {
  const fold = element.querySelector("[data-part='fold']");
  const beside = matchMedia("(min-width: 1100px)");
  const adapt = () => fold && (fold.open = beside.matches);
  adapt();
  beside.addEventListener("change", adapt);

  const links = [...element.querySelectorAll("a[href^='#']")];
  const places = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const seen = (place) => place && place.offsetParent !== null;

  const mark = () => {
    links.forEach((link, i) => (link.parentElement.hidden = !seen(places[i])));
    const line = innerHeight * 0.3;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    let current = -1;
    places.forEach((place, i) => {
      if (seen(place) && (atEnd || place.getBoundingClientRect().top <= line)) current = i;
    });
    links.forEach((link, i) => link.toggleAttribute("aria-current", i === current));
    links[current]?.setAttribute("aria-current", "true");
  };

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  document.addEventListener("platform:changed", soon);
  mark();
};

// Switches the variant of an article without loading the page again, and remembers the choice in the cookie the server
// reads. Without script, the links of the segment load the page with the choice in the address.
export const platform = (element) => {
  const body = document.querySelector(".article-body");
  const links = [...element.querySelectorAll("a[data-value]")];
  if (!body) return;

  const choose = (value) => {
    body.dataset.platform = value;
    links.forEach((link) => {
      if (link.dataset.value === value) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    document.dispatchEvent(new CustomEvent("platform:changed", { detail: value }));
  };

  element.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-value]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link.dataset.value);
    document.cookie = `platform=${link.dataset.value}; path=/; max-age=${YEAR}; samesite=lax`;
    history.replaceState(null, "", link.href);
  });
};

// A link to this page that is copied instead of followed, and says so (data-done, else the word of the toasts' place).
export const copyLink = (element) => {
  element.addEventListener("click", async (event) => {
    event.preventDefault();
    const address = new URL(element.getAttribute("href") ?? "", location.href);
    try {
      await navigator.clipboard.writeText(address.href);
      const { say } = await import("../lib/toast.js");
      say(element.dataset.done ?? document.getElementById("toasts")?.dataset.copied);
    } catch {
      // Without permission, or over plain http, there is no clipboard: the address bar is the next best place.
      history.replaceState(null, "", address);
    }
  });
};
