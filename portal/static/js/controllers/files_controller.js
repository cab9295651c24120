// Files that go along with a form: picked, dropped or pasted, sent to data-url at once, listed as the server lists them.
// Without script they travel with the form itself.
export default (element) => {
  const form = element.closest("form");
  const input = element.querySelector("input[type='file']");
  const listed = element.querySelector("[data-part='listed']");
  const refused = element.querySelector("[data-part='refused']");
  const most = Number(element.dataset.most);

  const say = (words) => {
    refused.textContent = words;
    refused.hidden = !words;
  };

  const send = async (fill, name) => {
    const body = new FormData();
    for (const field of ["csrf_token", "hand_over"]) body.set(field, form.elements[field]?.value ?? "");
    fill(body);
    element.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(element.dataset.url, { method: "POST", body });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      listed.innerHTML = await answer.text();
    } catch {
      say(element.dataset.away.replace("{name}", name));
    }
    element.removeAttribute("aria-busy");
  };

  const take = async (files) => {
    say("");
    for (const file of files) {
      if (file.size > most - 10_000) say(element.dataset.large.replace("{name}", file.name));
      else await send((body) => body.append("files", file, file.name || "picture.png"), file.name);
    }
  };

  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = ""; // They are sent here, so they need not travel with the form as well.
    await take(files);
  });
  listed.addEventListener("click", (event) => {
    const button = event.target.closest("button[name='drop']");
    if (!button) return;
    event.preventDefault();
    send((body) => body.set("drop", button.value), button.textContent.trim()).then(() => input.focus());
  });
  form.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(files);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      element.classList.toggle("is-over", name === "dragover");
      if (name === "drop") take([...event.dataTransfer.files]);
    });
  }
};
