// What is filled in before it is sent, in this window alone and gone with it: a reload or a way back loses nothing.
import { tab } from "./store.js";

export function keepDraft(form) {
  const draft = Object.fromEntries(new FormData(form));
  delete draft.lang;
  tab.remember("survey", draft);
}

// Fills in what was kept for the same code, unless the page came with answers.
export function recallDraft(form) {
  const draft = tab.recall("survey");
  if (!draft || draft.code !== form.elements.code.value) return;
  if (form.querySelector("[data-statement] input:checked") || form.elements.comment.value) return;
  for (const [name, value] of Object.entries(draft)) {
    const field = form.elements[name];
    if (field && name !== "code") field.value = value;
  }
}

export const forgetDraft = () => tab.forget("survey");
