import { takeOver } from "../lib/passage.js";

// Fills the form with the passage that was selected in the article, and asks for another wording only where one is meant.
export default (element) => {
  const field = (name) => element.elements[name];
  const fieldset = field("replacement").closest(".field");
  const show = () => {
    fieldset.hidden = field("kind").value !== "edit";
    if (!fieldset.hidden && !field("replacement").value) field("replacement").value = field("quote").value;
  };

  const passage = takeOver(element.dataset.passage);
  if (passage && !field("quote").value) {
    field("quote").value = passage.text.slice(0, 2000);
    if ([...field("anchor").options].some((option) => option.value === passage.anchor)) {
      field("anchor").value = passage.anchor;
    }
    field("words").focus();
  }
  element.addEventListener("change", (event) => event.target.name === "kind" && show());
  show();
};
