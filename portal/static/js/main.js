// Binds elements with data-controller="a b" to js/controllers/a_controller.js and b_controller.js, loading only what the
// page uses. A controller is a function of its element; those that pages always bind together stand in one file of
// several, c_controllers.js. Everything works without this file.

// Filled in by portal/core/assets.py with one line for each file, so that names with a content hash are found.
const controllers = {
/* controllers */
};

// These only answer to a person, so they are fetched when somebody comes near, which keeps the first visit light. Should
// the press be faster than the network, what is pressed still works as it does without script.
const patient = new Set(["dismiss", "print", "theme"]);

const bound = new WeakMap();

function bind(element) {
  const done = bound.get(element) ?? new Set();
  bound.set(element, done);
  for (const name of element.dataset.controller.split(/\s+/)) {
    if (!name || done.has(name)) continue;
    done.add(name);
    if (!(name in controllers)) {
      console.error(`There is no controller called ${name}`);
      continue;
    }
    const load = () => controllers[name]().then((module) => module.default(element));
    if (patient.has(name)) whenNear(element, load);
    else load();
  }
}

function whenNear(element, load) {
  const near = element.closest("details") ?? element;
  const signs = ["pointerover", "pointerdown", "focusin"];
  const once = () => {
    signs.forEach((sign) => near.removeEventListener(sign, once));
    load();
  };
  signs.forEach((sign) => near.addEventListener(sign, once, { passive: true }));
}

function bindAll(root) {
  if (root.matches?.("[data-controller]")) bind(root);
  root.querySelectorAll("[data-controller]").forEach(bind);
  if (root.matches?.("[hx-get],[hx-post]") || root.querySelector("[hx-get],[hx-post]")) import("./lib/htmx.js");
}

bindAll(document.documentElement);
new MutationObserver((changes) => {
  for (const change of changes) change.addedNodes.forEach((node) => node.nodeType === 1 && bindAll(node));
}).observe(document.body, { childList: true, subtree: true });

// "/" leads to the search box of the page, unless somebody is writing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (document.querySelector("[data-keys='off']")) return;
  const box = document.querySelector("main [data-hotkey='/']") ?? document.querySelector("[data-hotkey='/'], .search-box-input");
  if (!box || box.offsetParent === null) return;
  event.preventDefault();
  box.focus();
  box.select();
});
