// Colours the text: a copy of it lies under the field, line by line, and shows what the field would. The field itself stays
// the browser's own. Only lines that changed are drawn anew; very long texts stay plain.
const LONGEST = 40_000;
const HEAD = /^#{1,6} /;
const FENCE = /^\s*\/{3,9}( .*)?$/;
const MARKS = /(\*\*[^*\n]+\*\*)|(!?\[)([^\]\n]*)(\]\()([^)\s]*)(\))|(`[^`\n]+`)|(→ )/g;

const span = (name, text) => Object.assign(document.createElement(name), { textContent: text });

function draw(line) {
  const row = document.createElement("div");
  if (HEAD.test(line) || FENCE.test(line)) {
    row.append(span("b", line));
    return row;
  }
  let at = 0;
  for (const found of line.matchAll(MARKS)) {
    const [all, bold, open, words, middle, target, close, code, arrow] = found;
    row.append(line.slice(at, found.index));
    if (bold) row.append(span("b", bold));
    else if (open) row.append(span("i", open), words, span("i", middle), span("s", target), span("i", close));
    else row.append(span(code ? "i" : "s", code ?? arrow));
    at = found.index + all.length;
  }
  row.append(line.slice(at));
  return row;
}

export default (element) => {
  const field = element.querySelector("textarea");
  const under = document.createElement("pre");
  under.className = "write-colours";
  under.setAttribute("aria-hidden", "true");
  under.inert = true;
  let drawn = [], here = null;

  const colour = () => {
    const isShort = field.value.length <= LONGEST;
    element.classList.toggle("is-coloured", isShort);
    under.hidden = !isShort;
    if (!isShort) return;
    const lines = field.value.split("\n");
    let start = 0, end = 0;
    while (start < Math.min(lines.length, drawn.length) && lines[start] === drawn[start]) start += 1;
    while (end < Math.min(lines.length, drawn.length) - start && lines.at(-1 - end) === drawn.at(-1 - end)) end += 1;
    const old = [...under.children].slice(start, drawn.length - end);
    const next = under.children[drawn.length - end] ?? null;
    old.forEach((row) => row.remove());
    lines.slice(start, lines.length - end).forEach((line) => under.insertBefore(draw(line), next));
    drawn = lines;
    mark();
  };

  const mark = () => {
    const n = document.activeElement === field && field.selectionStart === field.selectionEnd
      ? field.value.slice(0, field.selectionStart).split("\n").length - 1 : -1;
    const row = under.children[n] ?? null;
    if (row === here) return;
    here?.classList.remove("is-here");
    row?.classList.add("is-here");
    here = row;
  };

  element.prepend(under);
  field.addEventListener("input", colour);
  document.addEventListener("selectionchange", mark);
  field.addEventListener("blur", mark);
  field.form.addEventListener("draft:replaced", colour);
  colour();
};
