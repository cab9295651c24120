// The toolbar: twelve tools that write Markdown into the text field, arrow keys between them, menus of two of them, the
// keys Ctrl+B, I and K, and Enter, which goes on with a list. Tab stays what leads out of the field.
import { lines, put, putBlock } from "../lib/caret.js";
import { fragment } from "../lib/fragment.js";

const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})([.)]))\s+(.*)$/;
const KEYS = { b: "bold", i: "italic", k: "link" };

export default (element) => {
  const field = element.querySelector("#body");
  const bar = element.querySelector("[data-part='tools']");
  field.placeholder = field.dataset.helped; // there are no buttons without script
  const words = element.querySelector("[data-part='words']").dataset;
  const buttons = [...bar.querySelectorAll("[data-tool]")];
  const tell = (name) => element.dispatchEvent(new CustomEvent("draft:ask", { detail: name }));

  const around = (mark, otherwise) => {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const chosen = value.slice(start, end);
    const n = mark.length;
    if (value.slice(start - n, start) === mark && value.slice(end, end + n) === mark) {
      put(field, start - n, end + n, chosen, 0, chosen.length);
    } else {
      const text = chosen || otherwise;
      put(field, start, end, mark + text + mark, n, n + text.length);
    }
  };

  // Gives each touched line a beginning, or takes it away where all have it.
  const begin = (pattern, lead, otherwise) => {
    const [start, end] = lines(field);
    const rows = field.value.slice(start, end).split("\n");
    const has = rows.every((row) => pattern.test(row) || (rows.length > 1 && !row.trim()));
    const bare = rows.map((row) => row.replace(pattern, ""));
    if (rows.length === 1 && !rows[0].trim()) return put(field, start, end, lead(0) + otherwise, lead(0).length, lead(0).length + otherwise.length);
    let n = -1;
    const text = has ? bare.join("\n") : bare.map((row) => (row.trim() ? lead(++n) + row : row)).join("\n");
    put(field, start, end, text, rows.length > 1 ? 0 : text.length, text.length);
  };

  const steps = () => {
    const [start, end] = lines(field);
    const row = field.value.slice(start, end);
    const step = ITEM.exec(row);
    if (step?.[3] && step[5] && !row.includes("\n")) {
      const lead = `\n${" ".repeat(row.length - step[5].length)}→ `;
      return put(field, end, end, lead + words.result, lead.length, lead.length + words.result.length);
    }
    begin(/^\s*\d+[.)]\s+/, (n) => `${n + 1}. `, words.step);
  };

  const heading = () => {
    const [start, end] = lines(field);
    const row = field.value.slice(start, end);
    if (/^### /.test(row)) put(field, start, end, row.slice(4));
    else if (/^## /.test(row)) put(field, start, end, `#${row}`);
    else begin(/^#+ /, () => "## ", words.heading);
  };

  const block = (name) => {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const inside = value.slice(start, end).trim() || words.block;
    const stroke = inside.includes("\n///") || inside.startsWith("///") ? "////" : "///";
    const lead = `${stroke} ${name}\n`;
    putBlock(field, `${lead}${inside}\n${stroke}`, lead.length, lead.length + inside.length);
  };

  const table = () => {
    const [one, two] = words.table.split("|");
    putBlock(field, `| ${one} | ${two} |\n|---|---|\n|  |  |\n|  |  |`, 2, 2 + one.length);
  };

  const tools = {
    heading, steps, table,
    bold: () => around("**", words.bold),
    italic: () => around("*", words.italic),
    code: () => around("`", words.code),
    list: () => begin(/^\s*[-*+]\s+/, () => "- ", words.item),
    link: () => tell("link"),
    picture: () => tell("picture"),
    undo: () => {
      field.focus();
      document.execCommand("undo");
    },
  };

  // Arrow keys go along the bar, and up and down a menu; only one button at a time is reached with Tab.
  const reach = (button) => {
    buttons.forEach((other) => (other.tabIndex = other === button ? 0 : -1));
    button.focus();
  };
  buttons[0].tabIndex = 0;

  const menuOf = (button) => document.getElementById(button.getAttribute("aria-controls"));
  const open = (button, wanted) => {
    menuOf(button).hidden = !wanted;
    button.setAttribute("aria-expanded", String(wanted));
    if (wanted) menuOf(button).querySelector("button").focus();
  };
  const close = () => buttons.filter((button) => button.getAttribute("aria-expanded") === "true").forEach((button) => open(button, false));

  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays where it is
  bar.addEventListener("click", (event) => {
    const item = event.target.closest("[data-block]");
    const button = event.target.closest("[data-tool]");
    if (item) {
      close();
      block(item.dataset.block);
    } else if (button?.hasAttribute("aria-controls")) {
      const isOpen = button.getAttribute("aria-expanded") === "true";
      close();
      open(button, !isOpen);
    } else if (button) {
      close();
      tools[button.dataset.tool]();
    }
  });

  bar.addEventListener("keydown", (event) => {
    const menu = event.target.closest("[role='menu']");
    const all = menu ? [...menu.querySelectorAll("button")] : buttons;
    const [back, on] = menu ? ["ArrowUp", "ArrowDown"] : document.dir === "rtl" ? ["ArrowRight", "ArrowLeft"] : ["ArrowLeft", "ArrowRight"];
    const at = all.indexOf(event.target);
    const to = { [back]: at - 1, [on]: at + 1, Home: 0, End: all.length - 1 }[event.key];
    const opener = menu && buttons.find((button) => menuOf(button) === menu);
    if (to !== undefined && at >= 0) {
      event.preventDefault();
      const next = all.at(to % all.length);
      menu ? next.focus() : reach(next);
    } else if (event.key === "ArrowDown" && event.target.hasAttribute("aria-controls")) {
      event.preventDefault();
      open(event.target, true);
    } else if (menu && (event.key === "Escape" || event.key === "Tab")) {
      close();
      if (event.key === "Escape") reach(opener);
    }
  });
  document.addEventListener("pointerdown", (event) => event.target.closest(".tool-with-menu") || close());

  // Enter goes on with a list or with the steps; in an item without words it ends them.
  const goOn = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (field.selectionStart !== field.selectionEnd) return;
    const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    const row = field.value.slice(start, field.selectionStart);
    const item = ITEM.exec(row) ?? (/^\s+→ \S/.test(row) ? above(start) : null);
    if (!item) return;
    event.preventDefault();
    if (!item[5].trim()) return put(field, start, field.selectionStart, "");
    const mark = item[2] ? item[2] : `${Number(item[3]) + 1}${item[4]}`;
    put(field, field.selectionStart, field.selectionStart, `\n${item[1]}${mark} `);
  };
  const above = (start) => {
    const rows = field.value.slice(0, Math.max(0, start - 1)).split("\n");
    for (const row of rows.reverse()) {
      const item = ITEM.exec(row);
      if (item) return item;
      if (row.trim() && !/^\s/.test(row)) return null;
    }
    return null;
  };
  field.addEventListener("keydown", goOn);
  element.addEventListener("keydown", (event) => {
    const name = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[event.key.toLowerCase()];
    if (!name || event.target !== field) return;
    event.preventDefault();
    tools[name]();
  });

  // What others put in: pictures, and whatever names its text in data-insert.
  element.addEventListener("draft:put", (event) => putBlock(field, event.detail, event.detail.length, event.detail.length));
  document.addEventListener("click", (event) => {
    const from = event.target.closest("[data-insert]");
    if (from) putBlock(field, from.dataset.insert, from.dataset.insert.length, from.dataset.insert.length);
  });

  const help = element.querySelector("[data-part='help']");
  const dialog = document.getElementById("help-dialog");
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  help.addEventListener("click", async (event) => {
    event.preventDefault();
    const place = dialog.querySelector("[data-part='content']");
    if (!place.childElementCount) place.innerHTML = (await fragment(help.href)) ?? "";
    if (place.childElementCount) dialog.showModal();
    else window.open(help.href, "_blank", "noopener");
  });
};
