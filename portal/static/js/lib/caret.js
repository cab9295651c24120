// Writing into a text field as a person would: the browser's own undo takes it back, and what listens to typing hears it.

// Puts text in the place of what stands between two positions, and selects `from` to `to` of the new text.
export function put(field, start, end, text, from = text.length, to = from) {
  field.focus();
  field.setSelectionRange(start, end);
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!done && start !== end + text.length) {
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(start + from, start + to);
}

// Returns where the lines that are touched by the selection begin and end.
export function lines(field) {
  const { value, selectionStart, selectionEnd } = field;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const end = value.indexOf("\n", Math.max(selectionStart, selectionEnd - 1));
  return [start, end < 0 ? value.length : end];
}

// Puts a block of its own at the caret, with an empty line before and after it.
export function putBlock(field, text, from = 0, to = 0) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const before = value.slice(0, start), after = value.slice(end);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after.startsWith("\n\n") ? "" : after.startsWith("\n") || !after ? "\n" : "\n\n";
  put(field, start, end, lead + text + tail, lead.length + from, lead.length + to);
}
