// The queue under one's fingers: letters move, open, pick and take; the ticket one stands on shows beside the list.
// Everything is done by the page's own links, boxes and forms, so nothing here knows more than they do.
import { fragment } from "../lib/fragment.js";
import { isWriting, showKeys } from "../lib/keys.js";
import { tab } from "../lib/store.js";

export default (element) => {
  const rows = () => [...element.querySelectorAll("[data-ticket]")];
  const part = (name) => element.querySelector(`[data-part='${name}']`);
  const bar = element.querySelector(".bulk");
  const preview = part("preview");
  const hasKeys = element.dataset.keys === "on";
  let at = -1;
  let asked = 0;

  tab.remember("queue", element.dataset.list);

  const address = (row) => row.querySelector("a.queue-title").href;

  const show = async (row) => {
    if (preview.offsetParent === null) return;
    const turn = ++asked;
    await new Promise((done) => setTimeout(done, 120));
    if (turn !== asked) return;
    const found = await fragment(`${address(row)}/preview`);
    if (found !== null && turn === asked) preview.innerHTML = found;
  };

  const stand = (index, { focus = true } = {}) => {
    const all = rows();
    if (!all.length) return;
    at = Math.max(0, Math.min(index, all.length - 1));
    all.forEach((row, place) => row.classList.toggle("is-here", place === at));
    const row = all[at];
    if (focus) row.querySelector("a.queue-title").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    show(row);
  };

  // What can be done to several is fetched when the first is picked.
  const complete = async () => {
    const place = part("more");
    if (!place.querySelector("a") || place.dataset.asked) return;
    place.dataset.asked = "yes";
    const all = await fragment(place.dataset.url);
    if (all !== null) place.innerHTML = all;
  };

  const count = () => {
    if (!bar) return;
    const n = element.querySelectorAll(".queue-pick:checked").length;
    bar.classList.toggle("is-on", n > 0);
    part("picked").textContent = element.dataset.picked.replace("{n}", n);
    if (n) complete();
  };

  const take = (row) => {
    const form = part("take");
    form.action = form.dataset.action.replace("/0/", `/${row.dataset.ticket}/`);
    form.elements.back.value = `${element.dataset.list}#ticket-${row.dataset.ticket}`;
    form.elements.had.value = row.dataset.assignee;
    tab.remember("queue-at", at);
    form.requestSubmit();
  };

  // The views stand above the list; the next after the last is the first.
  const turn = (step) => {
    const views = [...document.querySelectorAll(".queue-view")];
    const here = views.findIndex((view) => view.getAttribute("aria-current"));
    if (views.length > 1) location.href = views[(Math.max(here, 0) + step + views.length) % views.length].href;
  };

  const acts = {
    j: () => stand(at + 1),
    k: () => stand(at - 1),
    o: (row) => row && (location.href = address(row)),
    x: (row) => row?.querySelector(".queue-pick").click(),
    a: (row) => row && take(row),
    r: (row) => row && (location.href = `${address(row)}#reply`),
    n: (row) => row && (location.href = `${address(row)}#note`),
    e: (row) => row && (location.href = `${address(row)}/solve`),
    v: () => turn(1),
    V: () => turn(-1),
    "?": () => showKeys(element),
  };

  if (hasKeys) {
    document.addEventListener("keydown", (event) => {
      if (isWriting(event) || !(event.key in acts)) return;
      event.preventDefault();
      acts[event.key](rows()[at]);
    });
  }

  element.addEventListener("change", count);
  element.addEventListener("focusin", (event) => {
    const index = rows().indexOf(event.target.closest("[data-ticket]"));
    if (index >= 0 && index !== at) stand(index, { focus: false });
  });
  element.addEventListener("click", (event) => {
    const row = event.target.closest("[data-ticket]");
    if (row && !event.target.closest("a, input, button")) stand(rows().indexOf(row));
  });

  document.querySelectorAll("[data-opens='keys']").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    showKeys(element);
  }));

  element.classList.add("has-script");
  count();
  // Where one stood before something was done: on the very ticket, or where it was before it left the list.
  const named = rows().findIndex((row) => `#${row.id}` === location.hash);
  const before = tab.recall("queue-at", 0);
  tab.forget("queue-at");
  if (rows().length) stand(named >= 0 ? named : before, { focus: location.hash.startsWith("#ticket-") || before > 0 });
};
