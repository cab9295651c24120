import { sendAlong } from "../lib/passage.js";

// Offers a small button beside a selected passage of the article: it leads to the form with the passage and the heading
// it stands under. What is selected stays in this tab; nothing is sent before the form is.
export default (element) => {
  const body = element.querySelector(".article-body");
  const link = element.querySelector("[data-quote]");
  if (!body || !link) return;

  const headingAbove = (node) => {
    const before = [...body.querySelectorAll("h2[id], h3[id], h4[id]")].filter(
      (heading) => heading.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING || heading.contains(node),
    );
    return before.at(-1)?.id ?? "";
  };

  const selected = () => {
    const selection = getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    const text = selection.toString().replace(/\s+/g, " ").trim();
    const isOurs = range && !range.collapsed && body.contains(range.startContainer) && body.contains(range.endContainer);
    return isOurs && text.length > 2 ? { range, text } : null;
  };

  let found = null;
  const show = () => {
    found = selected();
    link.hidden = !found;
    if (!found) return;
    const place = found.range.getClientRects();
    const last = place[place.length - 1];
    if (!last) return;
    const room = document.documentElement.clientWidth - link.offsetWidth - 12;
    link.style.insetBlockStart = `${last.bottom + scrollY + 8}px`;
    link.style.left = `${Math.max(12, Math.min(last.right + scrollX - link.offsetWidth / 2, room))}px`;
  };

  let waiting;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 200);
  });
  // Pressing the button must not take the selection away before it is read.
  link.addEventListener("pointerdown", (event) => event.preventDefault());
  document.querySelectorAll("[data-quote], [data-passage-link]").forEach((way) => {
    way.addEventListener("click", () => {
      if (found) sendAlong(element.dataset.slug, { text: found.text, anchor: headingAbove(found.range.startContainer) });
    });
  });
  show(); // what was selected before this arrived
};
