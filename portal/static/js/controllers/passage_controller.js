import { takeOver } from "../lib/passage.js";

// Who selected a passage would put it otherwise: it is quoted, and one box holds its words to be changed. Who did not is
// asked for the passage, and for another wording only where one is meant.
export default (element) => {
  const field = (name) => element.elements[name];
  const box = (name) => field(name).closest(".field");
  const part = (name) => element.querySelector(`[data-part='${name}']`);
  let isQuoted = Boolean(field("quote").value) && !box("quote").classList.contains("is-invalid");
  let saysWhy = false;

  const show = () => {
    const isEdit = field("kind").value === "edit";
    box("replacement").hidden = !isEdit;
    if (isEdit && !field("replacement").value) field("replacement").value = field("quote").value;
    part("quoted").hidden = !isQuoted;
    part("words").textContent = field("quote").value;
    box("quote").hidden = box("anchor").hidden = isQuoted;
    part("why").hidden = !(isQuoted && isEdit) || saysWhy || Boolean(field("words").value);
    box("words").hidden = !part("why").hidden;
  };

  const passage = takeOver(element.dataset.passage);
  if (passage && !field("quote").value) {
    field("quote").value = passage.text.slice(0, 2000);
    if ([...field("anchor").options].some((option) => option.value === passage.anchor)) {
      field("anchor").value = passage.anchor;
    }
    field("kind").value = "edit";
    isQuoted = true;
    show();
    field("replacement").focus();
  }
  element.addEventListener("change", (event) => event.target.name === "kind" && show());
  part("other").addEventListener("click", () => {
    isQuoted = false;
    show();
    field("quote").focus();
  });
  part("say-why").addEventListener("click", () => {
    saysWhy = true;
    show();
    field("words").focus();
  });
  show();
};
