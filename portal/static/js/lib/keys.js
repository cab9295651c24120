import { fragment } from "./fragment.js";

// Single letters act only where nobody writes, and never together with another key.
export const isWriting = (event) =>
  event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing ||
  Boolean(event.target.closest?.("input:not([type='checkbox']):not([type='radio']), textarea, select, dialog, [contenteditable]"));

export const showKeys = async (element) => {
  const dialog = element.querySelector("dialog.keys-dialog");
  if (!dialog || dialog.open) return;
  if (!dialog.hasChildNodes()) {
    const list = await fragment(dialog.dataset.url);
    if (list === null) return;
    dialog.innerHTML = list;
  }
  dialog.showModal();
};
