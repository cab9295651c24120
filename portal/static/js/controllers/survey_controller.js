import { forgetDraft, keepDraft, recallDraft } from "../lib/survey_draft.js";

// Turns the one long page of a survey into one group a screen, with a way back, keys, and a draft in this window alone
// until it was sent. Nothing leaves the page before that.
export default (form) => {
  const steps = [...form.querySelectorAll("[data-step]")];
  const part = (name) => form.querySelector(`[data-part='${name}']`);
  const [bar, back, next, failed] = ["bar", "back", "next", "failed"].map(part);
  const last = steps.length - 1;
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  let at = 0;

  const progress = document.createElement("div");
  progress.className = "survey-progress";
  const count = document.createElement("p");
  count.setAttribute("aria-live", "polite");
  const track = document.createElement("div");
  track.className = "survey-track";
  track.append(...steps.slice(1).map(() => document.createElement("span")));
  const title = document.createElement("h1");
  title.className = "visually-hidden";
  title.textContent = form.dataset.title;
  progress.append(title, count, track);
  form.prepend(progress);

  const show = (step, { isQuiet = false } = {}) => {
    at = Math.min(Math.max(step, 0), last);
    steps.forEach((one, n) => (one.hidden = n !== at));
    form.elements.step.value = at;
    progress.hidden = at === 0;
    count.textContent = at ? fill(form.dataset.of, { n: at, all: last }) : "";
    [...track.children].forEach((mark, n) => mark.classList.toggle("is-done", n < at));
    back.hidden = at === 0;
    next.hidden = at === last;
    part("keys").hidden = at === 0 || at === last;
    part("privacy").hidden = at === 0;
    const ahead = steps[at + 1]?.querySelector("h2")?.textContent;
    next.textContent = at === 0 ? form.dataset.start : `${form.dataset.next}: ${ahead}`;
    if (isQuiet) return;
    scrollTo({ top: 0 });
    (steps[at].querySelector("h2[tabindex]") ?? steps[at]).focus({ preventScroll: true });
  };

  const statements = () => [...steps[at].querySelectorAll("[data-statement]")];
  const current = () =>
    document.activeElement?.closest?.("[data-statement]") ??
    statements().find((one) => !one.querySelector("input:checked")) ??
    statements().at(-1);

  const tick = (value) => {
    let statement = current();
    if (!statement) return;
    // Answering leads to the next statement; taking back leads to the one before, where this has no answer yet.
    if (!value && !statement.querySelector("input:checked")) {
      statement = statements()[statements().indexOf(statement) - 1] ?? statement;
    }
    const inputs = [...statement.querySelectorAll("input")];
    inputs.forEach((input) => (input.checked = input.value === value));
    keepDraft(form);
    const following = value ? statements()[statements().indexOf(statement) + 1] : null;
    const target = following ?? statement;
    (target.querySelector("input:checked") ?? target.querySelector("input")).focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  };

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea")) return;
    if (/^[1-5]$/.test(event.key)) tick(event.key);
    else if (["0", "Backspace", "Delete"].includes(event.key)) tick("");
    else if (event.key === "Enter" && !event.target.closest("button, a")) show(at + 1);
    else return;
    event.preventDefault();
  });

  // A point pressed once more is taken back: so a statement can be left out after all.
  let wasTicked = null;
  form.addEventListener("pointerdown", (event) => {
    const input = event.target.closest("label")?.querySelector("input[type='radio']");
    wasTicked = input?.checked ? input : null;
  });
  form.addEventListener("click", (event) => {
    if (event.target !== wasTicked) return;
    wasTicked.checked = false;
    wasTicked = null;
    keepDraft(form);
  });

  form.addEventListener("input", () => keepDraft(form));
  back.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", () => show(at + 1));

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name === "lang") return;
    event.preventDefault();
    const send = part("send");
    if (send.disabled) return;
    send.disabled = true;
    failed.hidden = true;
    const page = await arrived(form);
    send.disabled = false;
    if (page) replace(page);
    else {
      failed.textContent = form.dataset.failed;
      failed.hidden = false;
      failed.scrollIntoView({ block: "nearest" });
    }
  });

  recallDraft(form);
  bar.hidden = false;
  form.classList.add("is-stepped");
  show(form.dataset.at === "last" ? last : Number(form.elements.step.value) || 0, { isQuiet: true });
};

// Returns the page that came back, or nothing when the server was not reached or could not keep it just now.
async function arrived(form) {
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body });
    if (answer.status >= 500 || answer.status === 429) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

function replace(page) {
  const main = page.querySelector("main");
  if (!main) return;
  if (main.querySelector("[data-survey-end]")) forgetDraft();
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  scrollTo({ top: 0 });
  main.focus({ preventScroll: true });
}
