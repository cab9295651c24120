// Pictures: pasted, dropped or picked. Asks what they show before they go into the text.
export default (element) => {
  const field = element.querySelector("#body");
  const form = element.closest("form");
  const dialog = document.getElementById("picture-dialog");
  const part = (name) => dialog.querySelector(`[data-part='${name}']`);
  const [pick, alt, decoration] = ["#picture-file", "#picture-alt", "#picture-decoration"].map((name) => dialog.querySelector(name));
  const [shown, error, send] = [part("shown"), part("error"), part("send")];
  const listed = form.querySelector("[data-part='pictures']");
  let file = null, caret = [0, 0];

  const say = (words) => {
    error.textContent = words;
    error.hidden = !words;
  };

  const look = (picture) => {
    file = picture;
    URL.revokeObjectURL(shown.src);
    shown.hidden = !picture;
    if (picture) shown.src = URL.createObjectURL(picture);
  };

  const open = (picture) => {
    caret = [field.selectionStart, field.selectionEnd];
    pick.value = alt.value = "";
    decoration.checked = false;
    part("pick").hidden = Boolean(picture);
    look(picture);
    say("");
    dialog.showModal();
    (picture ? alt : pick).focus();
  };

  const pictureIn = (data) => [...(data?.files ?? [])].find((one) => one.type.startsWith("image/"));

  element.addEventListener("draft:ask", (event) => event.detail === "picture" && open(null));
  element.querySelector("[data-part='drop']").addEventListener("click", () => open(null));
  field.addEventListener("paste", (event) => {
    const picture = pictureIn(event.clipboardData);
    if (!picture || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    open(picture);
  });
  element.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    element.classList.add("is-over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("is-over"));
  element.addEventListener("drop", (event) => {
    element.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    open(pictureIn(event.dataTransfer) ?? event.dataTransfer.files[0]);
  });
  pick.addEventListener("change", () => look(pick.files[0] ?? null));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  part("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!file) return say(error.dataset.none);
    if (!alt.value.trim() && !decoration.checked) {
      say(error.dataset.bare);
      return alt.focus();
    }
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("alt", alt.value);
    if (decoration.checked) body.set("is_decoration", "y");
    body.set("picture", file, file.name || "picture.png");
    const label = send.querySelector("span");
    const words = label.textContent;
    label.textContent = send.dataset.sending;
    send.disabled = true;
    try {
      const answer = await fetch(element.dataset.pictures, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
      const told = answer.type === "opaqueredirect" ? {} : await answer.json();
      if (!answer.ok) return say(told.detail || error.dataset.away);
      listed.innerHTML = told.listed;
      dialog.close();
      field.focus();
      field.setSelectionRange(...caret); // closing the dialog put it at the top
      element.dispatchEvent(new CustomEvent("draft:put", { detail: told.source }));
    } catch {
      say(error.dataset.away);
    } finally {
      label.textContent = words;
      send.disabled = false;
    }
  });
};
