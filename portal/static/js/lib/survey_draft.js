// What is filled in before it is sent, in this window alone and gone with it: a reload or a way back loses nothing.
const KEY = "dity:survey";

export function keepDraft(form) {
  const draft = Object.fromEntries(new FormData(form));
  delete draft.lang;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // A private window keeps nothing; the form works as ever.
  }
}

// Fills in what was kept for the same code, unless the page came with answers. Returns whether there was something.
export function recallDraft(form) {
  let draft = null;
  try {
    draft = JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return false;
  }
  if (!draft || draft.code !== form.elements.code.value) return false;
  if (form.querySelector("[data-statement] input:checked") || form.elements.comment.value) return false;
  for (const [name, value] of Object.entries(draft)) {
    const field = form.elements[name];
    if (field && name !== "code") field.value = value;
  }
  return true;
}

export function forgetDraft() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Then there was nothing to forget.
  }
}
