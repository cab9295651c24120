// <details class="menu"> inside: one open at a time, closed by Esc, by a press outside and by leaving with Tab.
export default (element) => {
  const menus = () => [...element.querySelectorAll("details.menu")];

  // Toggle events do not bubble, so they are caught on the way down.
  element.addEventListener("toggle", (event) => {
    if (!event.target.open) return;
    // What is folded inside a menu opens without closing it.
    menus().forEach((menu) => menu.contains(event.target) || (menu.open = false));
  }, true);

  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = menus().find((menu) => menu.open);
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
    event.stopPropagation();
  });

  element.addEventListener("focusout", (event) => {
    const open = event.target.closest("details.menu");
    if (open && event.relatedTarget && !open.contains(event.relatedTarget)) open.open = false;
  });

  document.addEventListener("pointerdown", (event) => {
    menus().forEach((menu) => menu.open && !menu.contains(event.target) && (menu.open = false));
  });
};
