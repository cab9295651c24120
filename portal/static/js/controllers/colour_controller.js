// A colour can be picked as well as typed. The picker exists only here: without script the words in the field are enough.
// An empty field shows the colour that then holds, which is its placeholder.
const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
const long = (hex) => (hex.length === 4 ? hex.replace(/[0-9a-f]/gi, "$&$&") : hex).toLowerCase();

export default (element) => {
  const field = element.querySelector("input");
  const picker = document.createElement("input");
  const row = document.createElement("span");
  Object.assign(picker, { type: "color", className: "colour-picker" });
  picker.setAttribute("aria-label", element.dataset.label);
  row.className = "colour-row";

  const follow = () => {
    const found = [field.value.trim(), field.placeholder].find((words) => HEX.test(words));
    if (found) picker.value = long(found);
  };
  picker.addEventListener("input", () => {
    field.value = picker.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", follow);
  follow();
  field.replaceWith(row);
  row.append(field, picker);
};
