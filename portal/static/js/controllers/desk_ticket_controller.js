// A ticket at the desk under one's fingers, and links that go into the reply where one writes.
import { put } from "../lib/caret.js";
import { isWriting, showKeys } from "../lib/keys.js";
import { tab } from "../lib/store.js";

export default (element) => {
  const reply = element.querySelector("#reply-body");
  const find = (selector) => document.querySelector(selector);
  const field = { r: "#reply-body", n: "#note-body" };

  const write = (selector) => {
    const place = find(selector);
    if (!place) return;
    place.focus();
    place.scrollIntoView({ block: "center" });
  };

  // Back to the list one came from, standing where one stood.
  const list = () => {
    const from = tab.recall("queue") ?? find(".breadcrumbs a").href;
    location.href = `${from}#ticket-${element.dataset.number}`;
  };

  const acts = {
    r: () => write(field.r),
    n: () => write(field.n),
    a: () => find("#take")?.requestSubmit(),
    e: () => find("[data-key='e']")?.click(),
    u: list,
    "?": () => showKeys(element),
  };

  if (element.dataset.keys === "on") {
    document.addEventListener("keydown", (event) => {
      if (isWriting(event) || !(event.key in acts)) return;
      event.preventDefault();
      acts[event.key]();
    });
  }

  // With another key it is no single letter, so it works while one writes.
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("form[data-writes]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });

  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-put]");
    if (!button || !reply) return;
    event.preventDefault();
    const before = reply.value.slice(0, reply.selectionStart);
    const gap = before && !/\s$/.test(before) ? " " : "";
    put(reply, reply.selectionStart, reply.selectionEnd, `${gap}${button.dataset.put} `);
    reply.focus();
  });

  element.classList.add("has-script");
  if (location.hash === "#reply") write(field.r);
  if (location.hash === "#note") write(field.n);
};
