// Saves by itself: a moment after the last key, on leaving a field and on leaving the page. What could not be saved stays
// on this device, keyed by draft and person, and is offered again. Nothing typed is ever lost, nothing overwritten.
import { fragment } from "../lib/fragment.js";
import { forget, recall, remember, sweep } from "../lib/store.js";
import { say } from "../lib/toast.js";

const PAUSE = 1500;
const KEEP = 400;
const AGAIN = 15_000;
const LONGEST_FAREWELL = 60_000; // bytes a browser still sends for a page that is gone
const KEPT = ["title", "summary", "words", "body", "category_id", "base", "lock"];
const NOT_SENT = ["base", "picture", "alt", "is_decoration"];

export default (form) => {
  const part = (name) => form.querySelector(`[data-part='${name}']`);
  const fields = form.elements;
  const [notice, saved, checklist] = [part("notice"), part("saved").querySelector("span"), part("checklist")];
  const key = form.dataset.key;
  let timer, keeper, busy = false, again = false, stopped = false, leaving = false, waiting = null;

  const sent = () => {
    const data = new FormData(form);
    NOT_SENT.forEach((name) => data.delete(name));
    return data;
  };
  const picture = (data) => JSON.stringify([...data].filter(([name]) => !["csrf_token", "form_token", "lock"].includes(name)));
  // What was typed before this script was here is not saved yet, either.
  const isTouched = "dirty" in form.dataset || KEPT.slice(0, 4).some((name) => fields[name].defaultValue !== fields[name].value);
  let settled = isTouched ? "" : picture(sent());
  const isDirty = () => picture(sent()) !== settled;

  // Notices: one at a time, with what can be done about it.
  const tell = (words, ...buttons) => {
    const text = Object.assign(document.createElement("span"), { className: "editor-notice-text", textContent: words });
    notice.replaceChildren(text, ...buttons);
    notice.hidden = false;
  };
  const button = (words, press) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline btn-sm", textContent: words });
    made.addEventListener("click", press);
    return made;
  };
  const hush = () => (notice.hidden = true);

  const keep = () => remember(key, { at: Date.now(), ...Object.fromEntries(KEPT.map((name) => [name, fields[name].value])) });

  const seen = (data) => {
    const base = { title: data.get("title").trim(), summary: data.get("summary").trim(), body: data.get("body").replaceAll("\r\n", "\n") };
    base.category_id = Number(data.get("category_id"));
    base.tags = [...new Set(data.get("words").toLowerCase().split(/[\s,]+/).filter(Boolean))].sort();
    if (data.has("has_audience")) base.audience = data.getAll("audience");
    return JSON.stringify(base);
  };

  const collide = (name) => {
    stopped = true;
    keep();
    tell(form.dataset.collision.replace("{name}", name), button(form.dataset.compare, () => form.requestSubmit(part("save"))));
  };

  const trouble = (status, told) => {
    if (status === 409 && told.is_closed) {
      stopped = true;
      tell(form.dataset.closed, button(form.dataset.rescue, () => form.requestSubmit(part("save"))));
    } else if (status === 409) collide(told.who);
    else if (status === 429) tell(form.dataset.wait);
    else if (status < 500) tell(`${form.dataset.refused} ${told.detail ?? status}`);
    else tell(form.dataset.offline);
    if (status === 429 || status >= 500) later(AGAIN * (status === 429 ? 4 : 1));
  };

  const settle = (data, told) => {
    fields.lock.value = told.lock;
    fields.base.value = seen(data);
    saved.textContent = told.saved;
    part("state").firstElementChild.textContent = told.state;
    settled = picture(data);
    hush();
    if (!isDirty()) forget(key);
    form.dispatchEvent(new CustomEvent("draft:saved", { detail: told }));
    if (checklist) review();
  };

  const review = async () => {
    const now = await fragment(form.dataset.checklist);
    if (now !== null) checklist.innerHTML = now;
  };

  // After a new sign-in in another tab this page's token is an old one: the page itself has a fresh one.
  const freshToken = async () => {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("meta[name='csrf-token']")?.content;
    if (!token) return false;
    document.querySelectorAll("input[name='csrf_token']").forEach((one) => (one.value = token));
    return true;
  };

  const post = (data, keepalive) =>
    fetch(form.action, { method: "POST", body: data, redirect: "manual", keepalive, headers: { Accept: "application/json" } });

  const save = async ({ farewell = false, asked = false } = {}) => {
    clearTimeout(timer);
    if (stopped || (!isDirty() && !asked)) return;
    if (busy) return void (again = true);
    busy = true;
    const slow = setTimeout(() => (saved.textContent = form.dataset.saving), 300);
    const data = sent();
    try {
      let answer = await post(data, farewell && data.get("body").length * 3 < LONGEST_FAREWELL);
      if (answer.status === 400 && (await freshToken())) {
        data.set("csrf_token", fields.csrf_token.value);
        answer = await post(data, false);
      }
      if (answer.type === "opaqueredirect" || answer.status === 400 || answer.status === 401) {
        tell(form.dataset.signedOut, button(form.dataset.signIn, () => window.open(location.href, "_blank", "noopener")));
      } else if (answer.ok) {
        settle(data, await answer.json());
        if (asked) say(saved.textContent);
      } else {
        trouble(answer.status, await answer.json().catch(() => ({})));
      }
    } catch {
      tell(form.dataset.offline);
      later(AGAIN);
    } finally {
      clearTimeout(slow);
      if (saved.textContent === form.dataset.saving) saved.textContent = form.dataset.unsaved;
      busy = false;
      if (waiting) form.requestSubmit(waiting);
      else if (again) later(PAUSE);
      again = false;
      waiting = null;
    }
  };

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(keeper);
    keeper = setTimeout(() => isDirty() && keep(), KEEP);
    later(PAUSE);
  });
  form.addEventListener("focusout", () => save());
  form.addEventListener("draft:behind", ({ detail: name }) => {
    if (stopped) return;
    if (isDirty()) collide(name);
    else tell(form.dataset.fresh.replace("{name}", name), button(form.dataset.load, () => location.reload()));
  });
  form.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault(); // or the form would name a save that is just being overtaken by our own
      waiting = event.submitter ?? part("save");
      return;
    }
    leaving = true;
    clearTimeout(timer);
    if (isDirty()) keep();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save({ asked: true });
  });
  document.addEventListener("visibilitychange", () => leaving || save({ farewell: document.visibilityState === "hidden" }));
  addEventListener("online", () => save());
  addEventListener("pageshow", (event) => event.persisted && (leaving = false));
  addEventListener("beforeunload", (event) => {
    if (leaving || !isDirty()) return;
    keep();
    event.preventDefault();
  });

  // What a former visit could not save.
  const found = recall(key);
  const differs = found && ["title", "summary", "body"].some((name) => found[name] !== undefined && found[name] !== fields[name].value);
  if (found && !differs) forget(key);
  if (differs) {
    const time = new Date(found.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
    tell(
      form.dataset.newer.replace("{time}", time),
      button(form.dataset.take, () => {
        KEPT.forEach((name) => found[name] !== undefined && (fields[name].value = found[name]));
        hush();
        form.dispatchEvent(new CustomEvent("draft:replaced"));
        fields.body.dispatchEvent(new Event("input", { bubbles: true }));
      }),
      button(form.dataset.drop, () => {
        forget(key);
        hush();
      }),
    );
  }
  else if (isTouched) later(PAUSE);
  sweep("draft-", 14);

  // Below 1100 px one pane is shown at a time.
  const turnTo = (view) => {
    part("views").querySelectorAll("[data-view]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.view === view)));
    form.querySelector("[data-shown]").dataset.shown = view;
    form.dispatchEvent(new CustomEvent("draft:shown"));
  };
  part("views").addEventListener("click", (event) => event.target.dataset.view && turnTo(event.target.dataset.view));
  // What the checklist names is led to, wherever it is.
  form.addEventListener("click", (event) => {
    const field = fields[event.target.closest("a[href^='#']")?.hash.slice(1)];
    if (!field?.focus) return;
    event.preventDefault();
    if (field.closest(".pane-write")) turnTo("write");
    field.closest("details")?.setAttribute("open", "");
    field.focus();
  });
  fields.title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    fields.summary.focus();
  });
};
